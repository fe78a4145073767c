package io.weir.metrics.observation;

import io.micrometer.observation.ObservationConvention;
import org.jspecify.annotations.Nullable;

/**
 * How observations are named and what they carry. A convention that is null here is the registry's global one for the context, or
 * the default; what one of the user's throws for, or answers with null, is as the default has it.
 *
 * @param client of what this node begins
 * @param server of the calls of its handlers
 * @param connect of dials and inbound connections
 */
public record ObservationOptions(
        @Nullable ObservationConvention<WeirClientContext> client,
        @Nullable ObservationConvention<WeirServerContext> server,
        @Nullable ObservationConvention<WeirConnectContext> connect) {

    /** The default conventions. */
    public static ObservationOptions defaults() {
        return new ObservationOptions(null, null, null);
    }

    /** The same with this convention of what the node begins. */
    public ObservationOptions withClient(ObservationConvention<WeirClientContext> convention) {
        return new ObservationOptions(convention, server, connect);
    }

    /** The same with this convention of handlers' calls. */
    public ObservationOptions withServer(ObservationConvention<WeirServerContext> convention) {
        return new ObservationOptions(client, convention, connect);
    }

    /** The same with this convention of connects. */
    public ObservationOptions withConnect(ObservationConvention<WeirConnectContext> convention) {
        return new ObservationOptions(client, server, convention);
    }
}
