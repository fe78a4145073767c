package io.weir.samples.quickstart;

import io.weir.samples.quickstart.Quickstart.Quote;
import java.time.Duration;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/** Asks for 7 quotes every 20 ms for 1.2 s, rests for 1.6 s, and so on. */
final class SlowSubscriber extends BaseSubscriber<Quote> {

    private static final Duration BEAT = Duration.ofMillis(20);
    private static final long QUOTES_A_BEAT = 7;
    private static final long BEATS_AWAKE = 60;
    private static final long BEATS_ASLEEP = 80;

    private final Meter meter;
    private final Disposable.Swap beats = Disposables.swap();
    private volatile boolean awake;

    SlowSubscriber(Meter meter) {
        this.meter = meter;
    }

    boolean awake() {
        return awake;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        beats.update(Flux.interval(BEAT).onBackpressureDrop().subscribe(this::beat));
    }

    private void beat(long number) {
        awake = number % (BEATS_AWAKE + BEATS_ASLEEP) < BEATS_AWAKE;
        if (awake) {
            meter.askedBySubscriber(QUOTES_A_BEAT);
            request(QUOTES_A_BEAT);
        }
    }

    @Override
    protected void hookOnNext(Quote quote) {
        meter.received();
    }

    @Override
    protected void hookFinally(SignalType type) {
        beats.dispose();
    }
}
