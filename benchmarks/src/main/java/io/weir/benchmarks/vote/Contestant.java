package io.weir.benchmarks.vote;

import java.time.Duration;

/** Somebody who asks and is answered, 256 questions at a time. */
interface Contestant extends AutoCloseable {

    /** Questions that are open at a time. */
    int IN_FLIGHT = 256;

    String name();

    /** Asks for so long; blocks. */
    Round play(Duration time) throws InterruptedException;

    @Override
    void close();
}
