import { signal, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { trouble } from '../live/mock.ts'
import { formValues } from './form-values.ts'

/** A field of a dialog. */
interface FormField {
  readonly name: string
  readonly label: string
  readonly value?: string
  readonly kind?: 'text' | 'area'
  /** What may be chosen: value and text. */
  readonly options?: readonly (readonly [value: string, text: string])[]
  readonly isOptional?: boolean
}

/** A dialog with fields; `submit` resolves to whether it may close. */
export interface FormDialogOptions {
  readonly title: string
  readonly text?: string
  readonly fields?: readonly FormField[]
  readonly action: string
  readonly submit: (values: Readonly<Record<string, string>>) => Promise<boolean> | boolean
}

const opened = signal<FormDialogOptions | undefined>(undefined)

/** Opens a dialog; only one is open at a time. */
export function openForm(options: FormDialogOptions): void {
  opened.value = options
}

const FieldView = ({ field }: { readonly field: FormField }): JSX.Element => {
  const { name, label, value = '', kind = 'text', options, isOptional = false } = field
  const shared = { name, required: !isOptional }
  return (
    // The field below is its control, whichever it is.
    // biome-ignore lint/a11y/noLabelWithoutControl: see above
    <label class="field">
      <span>{label}</span>
      {options ? (
        <select {...shared} defaultValue={value}>
          {options.map(([option, text]) => (
            <option key={option} value={option} selected={option === value}>
              {text}
            </option>
          ))}
        </select>
      ) : kind === 'area' ? (
        <textarea
          {...shared}
          rows={10}
          spellcheck={false}
          defaultValue={value}
          onKeyDown={({ key, ctrlKey, metaKey, currentTarget }) => {
            if (key === 'Enter' && (ctrlKey || metaKey)) currentTarget.form?.requestSubmit()
          }}
        />
      ) : (
        <input {...shared} type="text" autocomplete="off" defaultValue={value} />
      )}
    </label>
  )
}

const OpenForm = ({ options }: { readonly options: FormDialogOptions }): JSX.Element => {
  const { title, text, fields = [], action, submit } = options
  const dialog = useRef<HTMLDialogElement>(null)
  const isBusy = useSignal(false)
  useEffect(() => {
    trouble.value = undefined
    dialog.current?.showModal()
  }, [])
  const onSubmit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    isBusy.value = true
    const mayClose = await submit(formValues(event.currentTarget as HTMLFormElement))
    isBusy.value = false
    if (mayClose) dialog.current?.close()
  }
  return (
    <dialog
      ref={dialog}
      aria-labelledby="form-title"
      onClose={() => {
        opened.value = undefined
      }}
    >
      <form onSubmit={event => void onSubmit(event)}>
        <h2 id="form-title">{title}</h2>
        {text !== undefined && <p>{text}</p>}
        {fields.map(field => (
          <FieldView key={field.name} field={field} />
        ))}
        {trouble.value !== undefined && (
          <p class="refusal" role="alert">
            {trouble.value}
          </p>
        )}
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isBusy.value}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  )
}

/** The dialog that is open, if one is. */
export const FormDialog = (): JSX.Element | null =>
  opened.value === undefined ? null : <OpenForm key={opened.value.title} options={opened.value} />
