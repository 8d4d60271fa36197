import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { attempt, fetchPath } from '../live/mock.ts'
import { Icon } from '../parts/icon.tsx'

/** What is shown as an image; never SVG, which is a document. */
const imageTypes = ['png', 'jpg', 'jpeg', 'gif']

const mediaTypeOf = (fileType: string): string => `image/${fileType === 'jpg' ? 'jpeg' : fileType}`

const isImage = (fileType: string): boolean => imageTypes.includes(fileType.toLowerCase())

/** Reads a stored file; an image has its media type, all else has one that no browser opens. */
async function readFile(path: string, fileType: string): Promise<Blob> {
  const response = await fetchPath(path)
  if (!response.ok) throw new Error(`The file is not there (${response.status})`)
  const type = isImage(fileType) ? mediaTypeOf(fileType.toLowerCase()) : 'application/octet-stream'
  return new Blob([await response.arrayBuffer()], { type })
}

/** Saves a stored file on the reader's disk. */
async function download(path: string, fileType: string): Promise<void> {
  const url = URL.createObjectURL(await readFile(path, 'octet-stream'))
  const link = document.createElement('a')
  link.href = url
  link.download = `file.${fileType.toLowerCase()}`
  link.click()
  URL.revokeObjectURL(url)
}

/** A file of a conversation: an image where it is one, and a button that downloads it. */
export function StoredFile({
  path,
  fileType,
  caption,
}: {
  /** The path of the control API that has its bytes. */
  readonly path: string
  readonly fileType: string
  readonly caption?: string | undefined
}): JSX.Element {
  const url = useSignal<string | undefined>(undefined)
  useEffect(() => {
    if (!isImage(fileType)) return
    let made: string | undefined
    let isGone = false
    void (async () => {
      try {
        const blob = await readFile(path, fileType)
        if (isGone) return
        made = URL.createObjectURL(blob)
        url.value = made
      } catch {
        // Without the image the button is left, which says why.
      }
    })()
    return () => {
      isGone = true
      if (made !== undefined) URL.revokeObjectURL(made)
    }
  }, [path, fileType])
  return (
    <figure class="stored-file">
      {url.value !== undefined && (
        <img
          src={url.value}
          alt={caption ?? `${fileType} file`}
          // The bytes are no image, whatever the name says.
          onError={() => {
            url.value = undefined
          }}
        />
      )}
      <figcaption>
        <Icon name="file" />
        {caption ?? fileType}
        <button
          type="button"
          class="quiet"
          onClick={() => void attempt(() => download(path, fileType))}
        >
          Download
        </button>
      </figcaption>
    </figure>
  )
}
