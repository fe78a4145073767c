package io.weir.metrics.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import io.weir.reactive.Interaction;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins observations of one kind of context. What goes wrong with one concerns nobody but it. Any thread. */
final class Observing<C extends Observation.Context> {

    private static final Logger LOG = LoggerFactory.getLogger(Observing.class);

    private final ObservationRegistry registry;
    private final @Nullable ObservationConvention<C> users;
    private final ObservationConvention<C> byDefault;
    private final ToIntFunction<C> described;
    private final AtomicBoolean conventionFailed = new AtomicBoolean();
    private final AtomicBoolean failed = new AtomicBoolean();

    /** @param described how often a convention has given a context all its key values */
    Observing(
            ObservationRegistry registry,
            @Nullable ObservationConvention<C> users,
            ObservationConvention<C> byDefault,
            ToIntFunction<C> described) {
        this.registry = registry;
        this.users = users;
        this.byDefault = byDefault;
        this.described = described;
    }

    /**
     * An observation that has begun; null if it cannot, or nobody wants it.
     *
     * @param parent null: what is observed on this thread, if anything is
     */
    @Nullable
    Observation begin(WeirObservation what, C context, @Nullable Observation parent) {
        if (registry.isNoop()) {
            return null;
        }
        try {
            context.setName(what.observationName()); // unless a convention knows another
            Observation observation = create(what, context);
            if (parent != null) {
                observation.parentObservation(parent);
            }
            step(observation, context, Observation::start);
            return observation.isNoop() ? null : observation;
        } catch (RuntimeException e) {
            tell(e);
            return null;
        }
    }

    private Observation create(WeirObservation what, C context) {
        ObservationConvention<C> standard = guarded(byDefault, what);
        try {
            ObservationConvention<C> custom = users == null ? null : guarded(users, what);
            return Observation.createNotStarted(custom, standard, () -> context, registry);
        } catch (RuntimeException e) {
            tell(e); // of a convention of the registry, which is asked for its name
            return Observation.createNotStarted(standard, standard, () -> context, registry);
        }
    }

    /**
     * A convention of the registry, which cannot be guarded, is left out where it fails, for handlers are to hear of the step. Where
     * the context has its key values it was no convention that failed, and handlers may have heard of it.
     */
    private void step(Observation observation, C context, Consumer<Observation> step) {
        int before = described.applyAsInt(context);
        try {
            step.accept(observation);
        } catch (RuntimeException e) {
            if (described.applyAsInt(context) != before) {
                throw e;
            }
            tell(e);
            observation.observationConvention(byDefault);
            step.accept(observation);
        }
    }

    private ObservationConvention<C> guarded(ObservationConvention<C> convention, WeirObservation what) {
        return new GuardedConvention<>(convention, byDefault, what.observationName(), conventionFailed);
    }

    /** Ends it. */
    void end(Observation observation, C context, Consumer<Observation> last) {
        try {
            last.accept(observation);
        } catch (RuntimeException e) {
            tell(e);
        }
        try {
            step(observation, context, Observation::stop);
        } catch (RuntimeException e) {
            tell(e);
        }
    }

    /** Opens it on this thread, as far as its handlers let it; what is open ends with {@link Interaction.Scope#close}. */
    Interaction.Scope open(Observation observation) {
        try {
            Observation.Scope scope = observation.openScope();
            return () -> close(scope);
        } catch (RuntimeException e) {
            tell(e);
            Observation.Scope left = registry.getCurrentObservationScope();
            return left != null && left.getCurrentObservation() == observation ? () -> close(left) : () -> {};
        }
    }

    /** A scope that stayed open would be the parent of whatever its thread does next. */
    private void close(Observation.Scope scope) {
        try {
            scope.close();
        } catch (RuntimeException e) {
            tell(e);
            if (registry.getCurrentObservationScope() == scope) {
                registry.setCurrentObservationScope(scope.getPreviousObservationScope());
            }
        }
    }

    private void tell(RuntimeException e) {
        if (failed.compareAndSet(false, true)) {
            LOG.warn("An observation failed, and what was observed went on; this is said once", e);
        }
    }
}
