package io.weir.reactive.operator;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** One direction of a wire that loses, delays, reorders and doubles what it carries, by a seed. Never pushes back. */
final class LossyLink {

    private final Random random;
    private final double loss;
    private final double doubled;
    private final Duration delay;
    private final Duration jitter;
    private final Scheduler time;
    int carried;
    int lost;

    /** @param jitter what is added to the delay at random; so whatever comes closer together may change places */
    LossyLink(long seed, double loss, double doubled, Duration delay, Duration jitter, Scheduler time) {
        this.random = new Random(seed);
        this.loss = loss;
        this.doubled = doubled;
        this.delay = delay;
        this.jitter = jitter;
        this.time = time;
    }

    /** Loses one in ten, doubles one in fifty, and takes 20 to 30 ms. */
    static LossyLink bad(long seed, Scheduler time) {
        return new LossyLink(seed, 0.1, 0.02, Duration.ofMillis(20), Duration.ofMillis(10), time);
    }

    /** The far end of what goes in: the elements that arrive, then the end, which is not lost, behind all of them. */
    <T> Flux<T> carry(Flux<T> near) {
        return Flux.defer(() -> {
            Sinks.Many<T> far = Sinks.many().unicast().onBackpressureBuffer();
            Duration last = delay.plus(jitter);
            near.subscribe(
                    element -> cross(far, element),
                    error -> later(last, () -> far.tryEmitError(error)),
                    () -> later(last, far::tryEmitComplete));
            return far.asFlux();
        });
    }

    private <T> void cross(Sinks.Many<T> far, T element) {
        for (int copies = random.nextDouble() < doubled ? 2 : 1; copies > 0; copies--) {
            carried++;
            Duration takes = delay.plusNanos((long) (random.nextDouble() * jitter.toNanos()));
            if (random.nextDouble() >= loss) {
                later(takes, () -> far.tryEmitNext(element));
            } else {
                lost++;
            }
        }
    }

    private void later(Duration takes, Runnable action) {
        time.schedule(action, takes.toNanos(), TimeUnit.NANOSECONDS);
    }
}
