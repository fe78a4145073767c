package io.weir.core.path.simulation;

/** What has something to send. */
interface Application {

    double NANOS = 1e9;

    /** Bytes that wait to be sent. */
    long available(long nowNanos);

    /** When so many will wait. */
    long nextNanos(long nowNanos, int bytes);

    /** So many were sent. */
    void take(int bytes);

    /** As much as the path takes. */
    static Application unlimited() {
        return limited(0, 0);
    }

    /** At most at this rate until then, afterwards as much as the path takes. */
    static Application limited(long bitsPerSecond, long untilNanos) {
        double bytesPerNano = bitsPerSecond / 8 / NANOS;
        return new Application() {
            private long taken;

            @Override
            public long available(long nowNanos) {
                return nowNanos >= untilNanos ? Long.MAX_VALUE : (long) (nowNanos * bytesPerNano) - taken;
            }

            @Override
            public long nextNanos(long nowNanos, int bytes) {
                long missing = bytes - available(nowNanos);
                return Math.min(untilNanos, nowNanos + (long) Math.ceil(missing / bytesPerNano));
            }

            @Override
            public void take(int bytes) {
                taken += bytes;
            }
        };
    }

    /** So much at once, each time so much time has passed. */
    static Application bursts(long burstBytes, long everyNanos) {
        return new Application() {
            private long taken;

            @Override
            public long available(long nowNanos) {
                return burstBytes * (1 + nowNanos / everyNanos) - taken;
            }

            @Override
            public long nextNanos(long nowNanos, int bytes) {
                return (nowNanos / everyNanos + 1) * everyNanos;
            }

            @Override
            public void take(int bytes) {
                taken += bytes;
            }
        };
    }
}
