import { opening, send, sendBatch } from '../requests.ts'
import { answers, type Row, refusesAt, succeeds } from '../row.ts'

const strict = { mode: 'strict' } as const

const setProfile = (body: object) => send({ type: 'userprofile.SetUserProfile', body })

const withSde = (sde: object) => setProfile({ authenticatedData: { lp_sdes: [sde] } })
const withInfo = (info: object) => withSde({ type: 'ctmrinfo', info })
const withPersonal = (personal: object) => withSde({ type: 'personal', personal })

const isSet = succeeds({ msg: 'OK User Profile set successfully' })

const atSde = (pointer: string) => refusesAt(`/body/authenticatedData/lp_sdes/0${pointer}`)

const date = { day: 3, month: 11, year: 2026 }

const infoTexts = [
  'ctype',
  'cstatus',
  'customerId',
  'socialId',
  'imei',
  'userName',
  'accountName',
  'role',
  'currency',
  'companyBranch',
  'storeZipCode',
  'storeNumber',
]

const personalTexts = ['firstname', 'lastname', 'company', 'language']

const texts = (names: readonly string[]) => Object.fromEntries(names.map(name => [name, 'x']))

const customerInfo = {
  ...texts(infoTexts),
  balance: -1.5,
  companySize: 500,
  loginStatus: 1,
  lastPaymentDate: date,
  registrationDate: date,
}

const personalInfo = {
  ...texts(personalTexts),
  age: { age: 34, year: 1992, month: 4, day: 15 },
  gender: 'OTHER',
  contacts: [
    { email: 'a@b.c', phone: '1', phoneType: 'x', address: { country: 'NL', region: 'x' } },
  ],
}

const auth = { amr: ['pwd'], iss: 'https://issuer.example' }

const otherForm = [{ ctmrinfo: customerInfo }, { personal: personalInfo }]
const otherType = { type: 'purchase', total: 11.7 }

/** The consumer's profile. */
export const profileRows: readonly Row[] = [
  {
    rule: 'PRO-1',
    sentence: 'takes an empty profile, and one with empty SDEs',
    settings: strict,
    steps: [
      [setProfile({}), isSet],
      [setProfile({ authenticatedData: { lp_sdes: [] } }), isSet],
    ],
  },
  {
    rule: 'PRO-1',
    sentence: 'takes every documented field, with and without auth',
    settings: strict,
    steps: [
      [
        setProfile({
          authenticatedData: {
            lp_sdes: [
              { type: 'ctmrinfo', info: customerInfo, auth },
              { type: 'personal', personal: personalInfo },
            ],
          },
          ...texts(['firstName', 'lastName', 'userId', 'avatarUrl', 'role', 'backgndImgUri']),
          description: 'x',
          privateData: {
            mobileNum: '1',
            mail: 'a@b.c',
            pushNotificationData: { serviceName: 'x', certName: 'x', token: 'x' },
          },
        }),
        isSet,
      ],
    ],
  },
  {
    rule: 'PRO-1',
    sentence: 'refuses an SDE without what its type holds, and a body that is no object',
    steps: [
      [withSde({ type: 'ctmrinfo' }), atSde('/info')],
      [withSde({ type: 'personal', info: {} }), atSde('/personal')],
      [withSde({ type: 'personal', personal: {}, auth: 'pwd' }), atSde('/auth')],
      [send({ type: 'userprofile.SetUserProfile', body: undefined }), refusesAt('/body')],
    ],
  },
  {
    rule: 'PRO-1a',
    sentence: 'takes the form of the table and other SDE types as the service does',
    settings: { mode: 'as-service' },
    steps: [
      [setProfile({ authenticatedData: { lp_sdes: otherForm } }), isSet],
      [withSde(otherType), isSet],
    ],
  },
  {
    rule: 'PRO-1a',
    sentence: 'refuses the form of the table and other SDE types in strict mode',
    settings: strict,
    steps: [
      [setProfile({ authenticatedData: { lp_sdes: otherForm } }), answers(400)],
      [withSde(otherType), atSde('')],
    ],
  },
  {
    rule: 'PRO-2',
    sentence: 'takes every documented fact about a customer',
    settings: strict,
    steps: [
      [withInfo(customerInfo), isSet],
      [withInfo({}), isSet],
    ],
  },
  ...infoTexts.map(
    (name): Row => ({
      rule: 'PRO-2',
      sentence: `refuses ${name} as a number`,
      steps: [[withInfo({ [name]: 1 }), atSde(`/info/${name}`)]],
    }),
  ),
  {
    rule: 'PRO-2',
    sentence: 'refuses numbers as text, integers with a fraction, and dates that lack a part',
    steps: [
      [withInfo({ balance: '1' }), atSde('/info/balance')],
      [withInfo({ companySize: 1.5 }), atSde('/info/companySize')],
      [withInfo({ loginStatus: '1' }), atSde('/info/loginStatus')],
      [
        withInfo({ lastPaymentDate: { ...date, day: undefined } }),
        atSde('/info/lastPaymentDate/day'),
      ],
      [
        withInfo({ lastPaymentDate: { ...date, month: undefined } }),
        atSde('/info/lastPaymentDate/month'),
      ],
      [
        withInfo({ registrationDate: { ...date, month: '11' } }),
        atSde('/info/registrationDate/month'),
      ],
      [
        withInfo({ registrationDate: { ...date, year: undefined } }),
        atSde('/info/registrationDate/year'),
      ],
    ],
  },
  {
    rule: 'PRO-3',
    sentence: 'takes every documented fact about a person',
    settings: strict,
    steps: [
      [withPersonal(personalInfo), isSet],
      [withPersonal({}), isSet],
    ],
  },
  ...['MALE', 'FEMALE', 'OTHER', 0, 1, 2].map(
    (gender): Row => ({
      rule: 'PRO-3',
      sentence: `takes the gender ${gender}`,
      settings: strict,
      steps: [[withPersonal({ gender }), isSet]],
    }),
  ),
  ...personalTexts.map(
    (name): Row => ({
      rule: 'PRO-3',
      sentence: `refuses ${name} as a number`,
      steps: [[withPersonal({ [name]: 1 }), atSde(`/personal/${name}`)]],
    }),
  ),
  {
    rule: 'PRO-3',
    sentence: 'refuses other genders, ages as text, and contacts that are none',
    steps: [
      [withPersonal({ gender: 'NONE' }), atSde('/personal/gender')],
      [withPersonal({ gender: 3 }), atSde('/personal/gender')],
      [withPersonal({ age: { age: '34' } }), atSde('/personal/age/age')],
      [withPersonal({ age: { year: 1.5 } }), atSde('/personal/age/year')],
      [withPersonal({ contacts: [{ email: 1 }] }), atSde('/personal/contacts/0/email')],
      [
        withPersonal({ contacts: [{ address: { country: 1 } }] }),
        atSde('/personal/contacts/0/address/country'),
      ],
    ],
  },
  {
    rule: 'PRO-3',
    sentence: 'is checked in a batch as well',
    hasConversation: false,
    steps: [
      [
        sendBatch([
          {
            id: '1',
            type: 'userprofile.SetUserProfile',
            body: {
              authenticatedData: { lp_sdes: [{ type: 'personal', personal: { firstname: 1 } }] },
            },
          },
          opening(),
        ]),
        refusesAt('/0/body/authenticatedData/lp_sdes/0/personal/firstname'),
      ],
    ],
  },
]
