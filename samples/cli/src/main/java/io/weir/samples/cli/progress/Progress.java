package io.weir.samples.cli.progress;

/** How far one transfer is. Told by one thread at a time. */
public interface Progress extends AutoCloseable {

    /** So many bytes more. Cheap enough for every chunk. */
    void advance(long bytes);

    /** So many bytes were there before anything was sent: they are done, and count for no rate. */
    void skip(long bytes);

    /** The transfer is over, well or badly. Idempotent. May wait a moment for the last drawing. */
    @Override
    void close();

    /** The same, told by any number of threads. */
    static Progress shared(Progress progress) {
        return new Progress() {
            @Override
            public synchronized void advance(long bytes) {
                progress.advance(bytes);
            }

            @Override
            public synchronized void skip(long bytes) {
                progress.skip(bytes);
            }

            @Override
            public void close() {
                progress.close();
            }
        };
    }

    /** Shows nothing. */
    static Progress none() {
        return new Progress() {
            @Override
            public void advance(long bytes) {}

            @Override
            public void skip(long bytes) {}

            @Override
            public void close() {}
        };
    }
}
