package io.weir.reactive.stats;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.Interaction;
import io.weir.reactive.NodeStats;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the requests of a node's sessions, and of what else their peers have begun. A session adds what a record has
 * brought at once, so that a request costs no addition of its own where many come together.
 *
 * <p>Each sum is read before those that it is a part of, and added to behind them: no snapshot has more answers than requests.
 * Any thread.
 */
public final class RequestCounts {

    private final LongAdder taken = new LongAdder();
    private final EnumCounts<ErrorCode> answered = new EnumCounts<>(ErrorCode.class);
    private final LongAdder queueNanos = new LongAdder();
    private final LongAdder serviceNanos = new LongAdder();
    private final EnumCounts<ErrorCode> asked = new EnumCounts<>(ErrorCode.class);
    private final Map<Interaction.Kind, EnumCounts<ErrorCode>> refused = new EnumMap<>(Interaction.Kind.class);

    /** All at 0. */
    public RequestCounts() {
        for (Interaction.Kind kind : Interaction.Kind.values()) {
            refused.put(kind, new EnumCounts<>(ErrorCode.class));
        }
    }

    /** Handlers were called for so many requests of peers; before their answers are counted. */
    public void taken(long more) {
        taken.add(more);
    }

    /** So many requests of peers are answered, or were given up, with that outcome. */
    public void answered(ErrorCode outcome, long more) {
        answered.add(outcome, more);
    }

    /** Requests of peers waited, and were handled, for so long in sum. */
    public void took(long queued, long served) {
        queueNanos.add(queued);
        serviceNanos.add(served);
    }

    /** So many requests of this node have ended like that. */
    public void asked(ErrorCode outcome, long more) {
        asked.add(outcome, more);
    }

    /** Something that a peer began was turned away before a handler saw it. */
    public void refused(Interaction.Kind kind, ErrorCode why) {
        of(kind).add(why);
    }

    private EnumCounts<ErrorCode> of(Interaction.Kind kind) {
        return Objects.requireNonNull(refused.get(kind));
    }

    /** What handlers have done. */
    public NodeStats.Handled handled() {
        Map<ErrorCode, Long> outcomes = answered.counts();
        long running = taken.sum() - EnumCounts.sum(outcomes);
        return new NodeStats.Handled(running, outcomes, queueNanos.sum(), serviceNanos.sum());
    }

    /** What has become of this node's requests. */
    public Map<ErrorCode, Long> asked() {
        return asked.counts();
    }

    /** What was turned away before a handler saw it; an entry for each kind. */
    public Map<Interaction.Kind, Map<ErrorCode, Long>> refused() {
        Map<Interaction.Kind, Map<ErrorCode, Long>> told = new EnumMap<>(Interaction.Kind.class);
        refused.forEach((kind, counts) -> told.put(kind, counts.counts()));
        return told;
    }
}
