import { useSignal } from '@preact/signals'
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core'
import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { followArrows } from './arrow-keys.ts'

interface VirtualListProps<Item> {
  readonly items: readonly Item[]
  readonly keyOf: (item: Item) => string
  /** Draws a row; of those in the document, the Tab key stops at the first. */
  readonly render: (item: Item, isFirst: boolean) => ComponentChildren
  /** The height of a row, in pixels. */
  readonly rowHeight: number
  readonly label: string
}

/** Rows that are drawn beyond the visible ones, on both sides. */
const overscan = 8

/** A long list of rows of one height, of which only the visible ones are in the document. */
export function VirtualList<Item>({
  items,
  keyOf,
  render,
  rowHeight,
  label,
}: VirtualListProps<Item>): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null)
  const changes = useSignal(0)
  const virtualizer = useMemo(
    () =>
      new Virtualizer<HTMLDivElement, HTMLDivElement>({
        count: 0,
        getScrollElement: () => scroller.current,
        estimateSize: () => rowHeight,
        overscan,
        observeElementRect,
        observeElementOffset,
        scrollToFn: elementScroll,
        onChange: () => {
          changes.value += 1
        },
      }),
    [rowHeight],
  )
  virtualizer.setOptions({ ...virtualizer.options, count: items.length })
  useLayoutEffect(() => {
    const unmount = virtualizer._didMount()
    virtualizer._willUpdate()
    return unmount
  }, [virtualizer])
  useLayoutEffect(() => virtualizer._willUpdate())
  // Read for its effect: a scroll draws other rows.
  void changes.value
  return (
    <section
      class="virtual-list"
      ref={scroller}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reached by the keyboard
      tabIndex={0}
      onKeyDown={event => followArrows(event, event.currentTarget, '.virtual-row a')}
    >
      <div class="virtual-rows" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        {virtualizer.getVirtualItems().flatMap(({ index, start }, place) => {
          const item = items[index]
          return item === undefined
            ? []
            : [
                <div
                  key={keyOf(item)}
                  class="virtual-row"
                  style={{ height: `${rowHeight}px`, transform: `translateY(${start}px)` }}
                >
                  {render(item, place === 0)}
                </div>,
              ]
        })}
      </div>
    </section>
  )
}
