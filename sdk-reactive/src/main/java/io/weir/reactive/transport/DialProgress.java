package io.weir.reactive.transport;

/** Hears how far one attempt to connect has come, in this order, serially, on any thread. It must not block. */
public interface DialProgress {

    /** For whom it is all the same. */
    DialProgress UNHEARD = new DialProgress() {
        @Override
        public void resolving() {}

        @Override
        public void connecting() {}
    };

    /** A name is looked up. Not called where there is none. */
    void resolving();

    /** The first address is tried. */
    void connecting();
}
