import { agent, view } from '../calls.ts'
import { askUpload, publishFile, upload } from '../files.ts'
import {
  file,
  firstMessage,
  opening,
  profile,
  publish,
  send,
  sendBatch,
  text,
} from '../requests.ts'
import { answers, type Row, refuses, refusesAt, type Step, shows, takes } from '../row.ts'
import { keeps } from '../steps.ts'
import { conversationId } from '../world.ts'

const strict = { mode: 'strict' } as const

const png = { relativePath: '/v1/x', fileType: 'PNG' }

const askSize = (fileSize: unknown, fileType = 'PNG') =>
  send({ type: 'ms.GenerateURLForUploadFile', body: { fileSize, fileType } })

const secureForm = { formId: '17', title: 'Payment', invitationId: 'i-1', submissionId: 's-1' }

const firstFile = (length: number) => ({
  ...firstMessage,
  body: { event: file({ ...png, preview: 'x'.repeat(length) }) },
})

const withPreview = (length: number) => publish(file({ ...png, preview: 'x'.repeat(length) }))

/** Texts and files. */
export const contentRows: readonly Row[] = [
  {
    rule: 'PUB-1.1',
    sentence: 'publishes to the main dialog by the id of the conversation',
    steps: [[publish(text('hi'), { body: { dialogId: conversationId } }), takes(0)]],
  },
  {
    rule: 'PUB-1.1',
    sentence: 'refuses a publish without dialogId or event',
    steps: [
      [publish(text('hi'), { body: { dialogId: undefined } }), refusesAt('/body/dialogId')],
      [publish(undefined), refusesAt('/body/event')],
      [publish({ type: 'Foo' }), refusesAt('/body/event/type')],
    ],
  },
  {
    rule: 'PUB-1.2',
    sentence: 'takes a conversationId beside the dialogId',
    steps: [[publish(text('hi'), { body: { conversationId } }), takes(0)]],
  },
  {
    rule: 'PUB-2a.1',
    sentence: 'numbers external files and secure forms of an agent as it numbers texts',
    steps: [
      [
        agent('sendExternalFile', { url: 'https://files.example.invalid/a.png', fileType: 'PNG' }),
        answers(200, { sequence: 0 }),
      ],
      [agent('sendSecureForm', { formId: '17', title: 'Payment' }), answers(200, { sequence: 1 })],
      [publish(text('thanks')), takes(2)],
    ],
  },
  {
    rule: 'PUB-2a.2',
    sentence: 'keeps the invitation to a form and its submission, with their content types',
    steps: [
      [
        agent('sendSecureForm', { formId: '17', title: 'Payment', submit: true }),
        answers(200, { sequence: 0 }),
      ],
      [
        view,
        shows({
          dialogs: [
            {
              transcript: ['forms/secure-invitation', 'forms/secure-submission'].map(
                contentType => ({
                  event: { contentType, message: { formId: '17', title: 'Payment' } },
                }),
              ),
            },
          ],
        }),
      ],
    ],
  },
  {
    rule: 'PUB-2a.3',
    sentence: 'refuses secure forms and external files from a consumer, and numbers none of them',
    steps: [
      [publish(text('first')), takes(0)],
      ...['forms/secure-invitation', 'forms/secure-submission', 'external/file'].map(
        (contentType): Step => [
          publish({ type: 'ContentEvent', contentType, message: secureForm }),
          refusesAt('/body/event/contentType'),
        ],
      ),
      [publish(text('second')), takes(1)],
    ],
  },
  {
    rule: 'PUB-2',
    sentence: 'takes texts of any length, and keeps them as they are',
    steps: [
      [publish(text('Hi 😃')), takes(0)],
      [publish(text('x'.repeat(100_000))), takes(1)],
      keeps(text('Hi 😃'), text('x'.repeat(100_000))),
    ],
  },
  {
    rule: 'PUB-2',
    sentence: 'refuses a message that is no text, and another contentType',
    steps: [
      [publish({ ...text(''), message: 7 }), refusesAt('/body/event/message')],
      [publish({ ...text(''), message: undefined }), refusesAt('/body/event/message')],
      [publish({ ...text(''), contentType: 'text/html' }), refusesAt('/body/event/contentType')],
    ],
  },
  {
    rule: 'PUB-2',
    sentence: 'refuses texts over the length that is set',
    settings: { limits: { textLength: 2 } },
    steps: [
      [publish(text('ab')), takes(0)],
      [publish(text('abc')), refusesAt('/body/event/message')],
    ],
  },
  {
    rule: 'PUB-2',
    sentence: 'takes a text of any length where the length is null',
    settings: { limits: { textLength: null } },
    steps: [[publish(text('a'.repeat(100_000))), takes(0)]],
  },
  {
    rule: 'PUB-3',
    sentence: 'takes a file as an object, with and without caption and preview',
    steps: [
      [publish(file(png)), takes(0)],
      [publish(file({ ...png, caption: 'a cat', preview: 'data:' })), takes(1)],
      keeps(file(png), file({ ...png, caption: 'a cat', preview: 'data:' })),
    ],
  },
  {
    rule: 'PUB-3',
    sentence: 'refuses a file as an array, and one without relativePath or fileType',
    steps: [
      [publish({ ...file(png), message: [png] }), refusesAt('/body/event/message')],
      [publish(file({ fileType: 'PNG' })), refusesAt('/body/event/message/relativePath')],
      [publish(file({ relativePath: '/v1/x' })), refusesAt('/body/event/message/fileType')],
    ],
  },
  {
    rule: 'PUB-3a',
    sentence: 'takes another fileType than that of the upload URL',
    settings: strict,
    steps: [
      [askUpload({ fileType: 'PNG' }), answers(200)],
      [upload('abcd'), answers(201)],
      [publishFile('JPG'), takes(0)],
    ],
  },
  {
    rule: 'PUB-3b',
    sentence: 'takes a file that is unknown or was not uploaded as the service does',
    settings: { mode: 'as-service' },
    steps: [
      [publish(file(png)), takes(0)],
      [askUpload(), answers(200)],
      [publishFile(), takes(1)],
    ],
  },
  {
    rule: 'PUB-3b',
    sentence: 'refuses a file that is unknown or was not uploaded in strict mode',
    settings: strict,
    steps: [
      [publish(file(png)), refuses(40061)],
      [askUpload(), answers(200)],
      [publishFile(), refuses(40061)],
      [upload('abcd'), answers(201)],
      [publishFile(), takes(0)],
    ],
  },
  {
    rule: 'PUB-4.1',
    sentence: 'takes JPG, JPEG, PNG and GIF, and no other type',
    settings: { limits: { fileTypes: ['JPG', 'JPEG', 'PNG', 'GIF'] } },
    steps: [
      [publish(file({ ...png, fileType: 'PDF' })), refusesAt('/body/event/message/fileType')],
      [askSize(4, 'PDF'), refusesAt('/body/fileType')],
      ...['JPG', 'JPEG', 'PNG', 'GIF'].map(
        (fileType, sequence): Step => [publish(file({ ...png, fileType })), takes(sequence)],
      ),
    ],
  },
  {
    rule: 'PUB-4.1',
    sentence: 'takes these types by default',
    steps: [
      [askSize(4, 'GIF'), answers(200)],
      [askSize(4, 'TXT'), refusesAt('/body/fileType')],
    ],
  },
  {
    rule: 'PUB-4.1',
    sentence: 'takes the types that are set, and no other type',
    settings: { limits: { fileTypes: ['PDF'] } },
    steps: [
      [publish(file({ ...png, fileType: 'PDF' })), takes(0)],
      [askSize(4, 'PDF'), answers(200)],
      [publish(file(png)), refusesAt('/body/event/message/fileType')],
    ],
  },
  {
    rule: 'PUB-4.2',
    sentence: 'takes a type in another letter case as the service does',
    settings: { mode: 'as-service' },
    steps: [
      [publish(file({ ...png, fileType: 'png' })), takes(0)],
      [askSize(4, 'Jpg'), answers(200)],
    ],
  },
  {
    rule: 'PUB-4.2',
    sentence: 'refuses a type in another letter case in strict mode',
    settings: strict,
    steps: [
      [publish(file({ ...png, fileType: 'png' })), refusesAt('/body/event/message/fileType')],
    ],
  },
  {
    rule: 'PUB-5.1',
    sentence: 'refuses a preview from 30 KB up where it is published',
    settings: { limits: { previewCharacters: 30_720 } },
    steps: [
      [withPreview(30_719), takes(0)],
      [withPreview(30_720), refuses(40056)],
    ],
  },
  {
    rule: 'PUB-5.1',
    sentence: 'refuses a preview from 30 KB up in the first message of a batch',
    hasConversation: false,
    steps: [
      [sendBatch([profile, opening(), firstFile(30_720)]), refuses(40056, { reqId: '3' })],
      [sendBatch([profile, opening(), firstFile(30_719)]), answers(200)],
    ],
  },
  {
    rule: 'PUB-5.1',
    sentence: 'refuses a preview from the length that is set',
    settings: { limits: { previewCharacters: 10 } },
    steps: [
      [withPreview(9), takes(0)],
      [withPreview(10), refuses(40056)],
    ],
  },
  {
    rule: 'PUB-5.2',
    sentence: 'takes 3,145,728 bytes where a URL is asked for and where a file is uploaded',
    settings: { limits: { fileBytes: 3_145_728 } },
    steps: [
      [askSize(3_145_729), refuses(40056)],
      [askSize('3145729'), refuses(40056)],
      [askSize(3_145_728), answers(200)],
      [askUpload(), answers(200)],
      [upload(new Uint8Array(3_145_729)), refuses(41350)],
      [upload(new Uint8Array(3_145_728)), answers(201)],
    ],
  },
  {
    rule: 'PUB-5.2',
    sentence: 'takes 3,145,728 bytes by default',
    steps: [
      [askSize(3_145_729), refuses(40056)],
      [askSize(3_145_728), answers(200)],
    ],
  },
  {
    rule: 'PUB-5.2',
    sentence: 'takes files up to the size that is set',
    settings: { limits: { fileBytes: 5 } },
    steps: [
      [askSize(6), refuses(40056)],
      [askUpload({ fileSize: 5 }), answers(200)],
      [upload('abcdef'), refuses(41350)],
      [upload('abcde'), answers(201)],
    ],
  },
  {
    rule: 'PUB-6.1',
    sentence: 'takes HostedFile as contentType, and as the type of the event',
    steps: [
      [publish({ ...file(png), contentType: 'HostedFile' }), takes(0)],
      [publish({ type: 'HostedFile', message: png }), takes(1)],
    ],
  },
  {
    rule: 'PUB-6.2',
    sentence: 'reads HostedFile as a ContentEvent with hosted/file',
    steps: [
      [publish({ ...file(png), contentType: 'HostedFile' }), takes(0)],
      [publish({ type: 'HostedFile', message: png }), takes(1)],
      keeps(file(png), file(png)),
    ],
  },
  {
    rule: 'PUB-6.2',
    sentence: 'refuses HostedFile in strict mode',
    settings: strict,
    steps: [
      [publish({ ...file(png), contentType: 'HostedFile' }), refusesAt('/body/event/contentType')],
      [publish({ type: 'HostedFile', message: png }), refusesAt('/body/event/type')],
    ],
  },
]
