package io.weir.core.list;

import org.jspecify.annotations.Nullable;

/**
 * A queue whose elements carry their own links: each is in at most one list, at most once, and may leave from anywhere.
 * Every operation is O(1) but {@link #toString}, and none allocates.
 *
 * <p>Not thread safe. Bounded by what its owner adds.
 *
 * @param <T> the kind of element
 */
public final class IntrusiveList<T extends IntrusiveList.Node<T>> {

    /**
     * What can be in a list.
     *
     * @param <T> the kind of element, which is this type or one below it
     */
    public abstract static class Node<T extends Node<T>> {

        private @Nullable T previous;
        private @Nullable T next;
        private @Nullable IntrusiveList<T> list;

        /** In no list. */
        protected Node() {}
    }

    private @Nullable T first;
    private @Nullable T last;
    private int size;

    /** An empty list. */
    public IntrusiveList() {}

    /** Elements that are here. */
    public int size() {
        return size;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return first == null;
    }

    /** The element that came first; null if there is none. */
    public @Nullable T first() {
        return first;
    }

    /** The element that came after one that is here; null if it came last. */
    public @Nullable T after(T element) {
        return links(element).next;
    }

    /** Whether the element is here. */
    public boolean contains(T element) {
        return links(element).list == this;
    }

    /**
     * Appends an element.
     *
     * @return false, and nothing is done, if it is in a list already
     */
    public boolean add(T element) {
        Node<T> added = links(element);
        if (added.list != null) {
            return false;
        }
        T before = last;
        added.list = this;
        added.previous = before;
        last = element;
        if (before == null) {
            first = element;
        } else {
            links(before).next = element;
        }
        size++;
        return true;
    }

    /**
     * Takes an element out.
     *
     * @return false, and nothing is done, if it is not here
     */
    public boolean remove(T element) {
        Node<T> removed = links(element);
        if (removed.list != this) {
            return false;
        }
        T before = removed.previous;
        T after = removed.next;
        if (before == null) {
            first = after;
        } else {
            links(before).next = after;
        }
        if (after == null) {
            last = before;
        } else {
            links(after).previous = before;
        }
        removed.previous = null;
        removed.next = null;
        removed.list = null;
        size--;
        return true;
    }

    /** Takes an element out of the list that it is in, if it is in one. */
    public static <T extends Node<T>> void leave(T element) {
        IntrusiveList<T> list = IntrusiveList.<T>links(element).list;
        if (list != null) {
            list.remove(element);
        }
    }

    /** The elements, in order. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (T element = first; element != null; element = links(element).next) {
            text.append(element).append(';');
        }
        return text.append(']').toString();
    }

    /** The links are private to this file, and a type variable does not show what is private. */
    private static <T extends Node<T>> Node<T> links(T element) {
        return element;
    }
}
