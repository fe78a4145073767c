package io.weir.reactive;

import io.weir.reactive.dispatch.Scheduled;
import io.weir.reactive.dispatch.WorkQueue;
import io.weir.reactive.dispatch.Workers;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;

/**
 * Answers the streams that peers open under one name. Called on the session's loop, before any element of the stream is
 * dispatched; it must not block ({@link #on} moves it away). It runs within the bound of its node
 * ({@link NodeLimits#maxHandled}); streams beyond that are refused with {@code BUSY} and never come here.
 *
 * <p>The returned publisher is the stream's work. When it completes, what it left open of the stream is closed: an
 * unused sending half with CLOSE, a receiving half that is not subscribed with STOP. When it fails, or the call itself
 * throws, the sending half ends with {@code APPLICATION_ERROR} behind what it had accepted, and the receiving half is stopped;
 * with {@code DECODE_FAILED} or {@code ENCODE_FAILED} for a {@link io.weir.core.error.CodecException} of this side;
 * with {@code GOING_AWAY} if that is what it failed with, {@link io.weir.core.error.GoingAwayException}, and with all that an
 * {@link io.weir.core.error.ApplicationException} says.
 */
@FunctionalInterface
public interface StreamHandler {

    /** The work to do for one stream; subscribed at once, where the handler is called. */
    Publisher<Void> handle(PeerStream stream);

    /**
     * This handler, called on a scheduler's threads, where it may block. Elements that come before it has subscribed wait under
     * their window. What waits there counts as handled. Where the scheduler takes no more, the stream ends with {@code BUSY}.
     */
    default StreamHandler on(Scheduler scheduler) {
        Scheduled scheduled = new Scheduled(scheduler);
        return stream -> scheduled.callOrBusy(() -> handle(stream));
    }

    /**
     * This handler, called by these workers, where it may block. A stream beyond what may wait for them ends with {@code BUSY}, both
     * halves of it, and its handler never runs.
     */
    default StreamHandler on(Workers workers) {
        WorkQueue queue = workers.queue();
        return stream -> queue.callOrBusy(() -> handle(stream));
    }
}
