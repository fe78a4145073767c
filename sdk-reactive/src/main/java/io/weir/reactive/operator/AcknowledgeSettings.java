package io.weir.reactive.operator;

import io.weir.core.wire.LinkFrame.Feedback;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import reactor.core.scheduler.Scheduler;

/** What {@link Reliability#acknowledge} was told, validated once for all its subscriptions. */
record AcknowledgeSettings<T>(
        Consumer<? super Feedback> feedbackOut, Scheduler scheduler, Predicate<? super T> elicitsFeedback) {

    AcknowledgeSettings {
        Objects.requireNonNull(feedbackOut, "feedbackOut");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(elicitsFeedback, "elicitsFeedback");
    }
}
