package io.weir.benchmarks.load;

import java.time.Duration;

/** Somebody who connects and closes, again and again, so many at a time. */
interface Handshakes extends AutoCloseable {

    /** Connections that are being made at a time. */
    int AT_A_TIME = 16;

    String name();

    /** How many were made, a second; blocks. */
    double perSecond(Duration time) throws InterruptedException;

    @Override
    void close();
}
