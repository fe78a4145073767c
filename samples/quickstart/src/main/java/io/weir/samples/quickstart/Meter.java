package io.weir.samples.quickstart;

import io.weir.reactive.PeerStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Counts at both ends and prints the two side by side, a line every 200 ms. */
final class Meter {

    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int BYTES_A_MARK = 1024;

    private final AtomicLong askedBySubscriber = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong askedOfPublisher = new AtomicLong();
    private final AtomicLong emitted = new AtomicLong();
    private volatile boolean publisherCancelled;
    private volatile @Nullable PeerStream sending;
    private long emittedBefore;
    private long mostAhead;

    void sentOn(PeerStream stream) {
        sending = stream;
    }

    void askedBySubscriber(long n) {
        askedBySubscriber.addAndGet(n);
    }

    void received() {
        received.incrementAndGet();
    }

    void askedOfPublisher(long n) {
        askedOfPublisher.addAndGet(n);
    }

    void emitted() {
        emitted.incrementAndGet();
    }

    void publisherCancelled() {
        publisherCancelled = true;
    }

    long receivedSoFar() {
        return received.get();
    }

    /** By how many elements the publisher was ahead of the subscriber at most, at the times of printing. */
    long mostAhead() {
        return mostAhead;
    }

    boolean isPublisherCancelled() {
        return publisherCancelled;
    }

    /** Prints until the time is over. */
    void printNow(SlowSubscriber subscriber, Duration time) {
        System.out.println("        |       subscriber          |  credit (one mark: 1 KiB)  |           publisher");
        System.out.println(
                "   time |  state  requested received |    bytes                   | requested  emitted    per s");
        System.out.println(
                "--------+---------------------------+----------------------------+-----------------------------");
        Flux.interval(INTERVAL)
                .take(time.dividedBy(INTERVAL))
                .doOnNext(tick -> printLine(INTERVAL.multipliedBy(tick + 1), subscriber.awake()))
                .blockLast();
    }

    private void printLine(Duration time, boolean awake) {
        PeerStream stream = sending;
        long credit = stream == null ? 0 : stream.stats().txCreditRemaining();
        long nowEmitted = emitted.get();
        long rate = (nowEmitted - emittedBefore) * 1000 / INTERVAL.toMillis();
        emittedBefore = nowEmitted;
        mostAhead = Math.max(mostAhead, nowEmitted - received.get());
        System.out.printf(
                Locale.ROOT,
                "%5.1f s | %-6s %9d %8d | %8d %-17s | %9d %8d %8d  %s%n",
                time.toMillis() / 1e3,
                awake ? "asks" : "rests",
                askedBySubscriber.get(),
                received.get(),
                credit,
                "#".repeat((int) Math.min(16, credit / BYTES_A_MARK)),
                askedOfPublisher.get(),
                nowEmitted,
                rate,
                rate == 0 ? "STOP" : "go");
    }

    void printSummary() {
        System.out.printf(
                Locale.ROOT,
                "%nThe subscriber asked for %d and received %d. The publisher emitted %d, never more than %d ahead: what the "
                        + "window of 16 KiB holds and what was asked for. Cancelled with the subscriber: %s.%n",
                askedBySubscriber.get(),
                received.get(),
                emitted.get(),
                mostAhead,
                publisherCancelled ? "yes" : "no");
    }
}
