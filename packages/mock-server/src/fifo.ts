/** A queue in an array: `shift` moves the head, and frees the array's front once it is half of it, so that both ends take constant time. */
export class Fifo<Element> {
  #elements: (Element | undefined)[]
  #head = 0

  constructor(elements: readonly Element[] = []) {
    this.#elements = [...elements]
  }

  get length(): number {
    return this.#elements.length - this.#head
  }

  /** The element at an index from 0, the oldest, to `length - 1`; `undefined` for any other. */
  at(index: number): Element | undefined {
    return index < 0 ? undefined : this.#elements[this.#head + index]
  }

  push(element: Element): void {
    this.#elements.push(element)
  }

  /** Inserts an element before the one at an index. */
  insert(index: number, element: Element): void {
    this.#elements.splice(this.#head + index, 0, element)
  }

  /** Removes and returns the oldest element. */
  shift(): Element | undefined {
    const oldest = this.at(0)
    if (this.length === 0) return undefined
    this.#elements[this.#head] = undefined
    this.#head += 1
    if (this.#head * 2 > this.#elements.length) {
      this.#elements.splice(0, this.#head)
      this.#head = 0
    }
    return oldest
  }

  clear(): void {
    this.#elements = []
    this.#head = 0
  }

  /** The oldest element that passes a test. */
  find(test: (element: Element) => boolean): Element | undefined {
    for (let index = this.#head; index < this.#elements.length; index += 1) {
      const element = this.#elements[index] as Element
      if (test(element)) return element
    }
    return undefined
  }

  toArray(): Element[] {
    return this.#elements.slice(this.#head) as Element[]
  }
}
