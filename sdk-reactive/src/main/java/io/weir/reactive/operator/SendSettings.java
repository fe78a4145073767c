package io.weir.reactive.operator;

import io.weir.core.wire.LinkFrame.Feedback;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;

/** What {@link Reliability#send} was told, validated once for all its subscriptions. */
record SendSettings<T>(
        Publisher<Feedback> feedback, RecoverySettings recovery, Scheduler scheduler, Renewal<T> renewal) {

    SendSettings {
        Objects.requireNonNull(feedback, "feedback");
        Objects.requireNonNull(recovery, "settings");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(renewal, "renew");
    }
}
