package io.weir.metrics.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.core.identity.PeerId;
import io.weir.reactive.Interaction;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The conventions that hold where the user gives none. */
final class DefaultConventions {

    static final ObservationConvention<WeirClientContext> CLIENT = new OfInteraction<>() {
        @Override
        Interaction interaction(WeirClientContext context) {
            return context.interaction();
        }

        @Override
        Interaction.@Nullable End end(WeirClientContext context) {
            return context.end();
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof WeirClientContext;
        }
    };

    static final ObservationConvention<WeirServerContext> SERVER = new OfInteraction<>() {
        @Override
        Interaction interaction(WeirServerContext context) {
            return context.interaction();
        }

        @Override
        Interaction.@Nullable End end(WeirServerContext context) {
            return context.end();
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof WeirServerContext;
        }
    };

    private DefaultConventions() {}

    private abstract static class OfInteraction<C extends Observation.Context> implements ObservationConvention<C> {

        abstract Interaction interaction(C context);

        abstract Interaction.@Nullable End end(C context);

        @Override
        public String getContextualName(C context) {
            Interaction what = interaction(context);
            return what.kind().name().toLowerCase(Locale.ROOT) + " " + what.name();
        }

        @Override
        public KeyValues getLowCardinalityKeyValues(C context) {
            return KeyValues.of(WeirKey.OUTCOME.withValue(outcome(end(context))));
        }

        @Override
        public KeyValues getHighCardinalityKeyValues(C context) {
            Interaction what = interaction(context);
            return KeyValues.of(
                    WeirKey.NAME.withValue(what.name().isEmpty() ? KeyValue.NONE_VALUE : what.name()),
                    WeirKey.PEER.withValue(what.session().peer().toString()),
                    WeirKey.SESSION.withValue(Long.toString(what.session().id())));
        }
    }

    static final ObservationConvention<WeirConnectContext> CONNECT = new ObservationConvention<>() {
        @Override
        public String getContextualName(WeirConnectContext context) {
            return "connect " + context.transport();
        }

        @Override
        public KeyValues getLowCardinalityKeyValues(WeirConnectContext context) {
            return KeyValues.of(
                    WeirKey.TRANSPORT.withValue(context.transport()),
                    WeirKey.OUTCOME.withValue(context.isOver() ? code(context.failure()) : KeyValue.NONE_VALUE));
        }

        @Override
        public KeyValues getHighCardinalityKeyValues(WeirConnectContext context) {
            PeerId peer = context.peer();
            return KeyValues.of(
                    WeirKey.ADDRESS.withValue(context.address()),
                    WeirKey.PEER.withValue(peer == null ? KeyValue.NONE_VALUE : peer.toString()));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof WeirConnectContext;
        }
    };

    private static String outcome(Interaction.@Nullable End end) {
        if (end == null) {
            return KeyValue.NONE_VALUE;
        }
        return switch (end.outcome()) {
            case SUCCESS -> "success";
            case CANCELLED -> "cancelled";
            case FAILURE -> end.error() instanceof WeirException known ? code(known.reason()) : "error";
        };
    }

    private static String code(@Nullable CloseReason reason) {
        return reason == null || reason.error() == ErrorCode.NONE
                ? "success"
                : reason.error().name().toLowerCase(Locale.ROOT);
    }
}
