/** A queue that gives away its oldest elements and can be read at any place, each in constant time; it grows as it fills. */
export class RingBuffer<Element> {
  #slots: (Element | undefined)[] = [undefined, undefined, undefined, undefined]
  #first = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  /** The element at a place, the oldest at 0. */
  at(place: number): Element | undefined {
    return place < this.#length ? this.#slots[this.#slotOf(place)] : undefined
  }

  push(element: Element): void {
    if (this.#length === this.#slots.length) this.#grow()
    this.#slots[this.#slotOf(this.#length)] = element
    this.#length += 1
  }

  /** Takes the oldest element away. */
  shift(): Element | undefined {
    if (this.#length === 0) return undefined
    const element = this.#slots[this.#first]
    this.#slots[this.#first] = undefined
    this.#first = this.#slotOf(1)
    this.#length -= 1
    return element
  }

  /** The length of `#slots` is a power of two. */
  #slotOf(place: number): number {
    return (this.#first + place) & (this.#slots.length - 1)
  }

  #grow(): void {
    const inOrder = this.#slots.slice(this.#first).concat(this.#slots.slice(0, this.#first))
    this.#slots = inOrder.concat(inOrder.map(() => undefined))
    this.#first = 0
  }
}
