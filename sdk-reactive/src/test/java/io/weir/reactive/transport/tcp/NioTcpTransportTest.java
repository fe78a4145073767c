package io.weir.reactive.transport.tcp;

import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.TcpOptions;
import org.junit.jupiter.api.Test;

/** The contract over TCP on the JDK's selectors, as where there is no native transport. */
final class NioTcpTransportTest extends TcpTransportTest {
    @Override
    protected LinkTransport newTransport() {
        return new TcpTransport(2, TcpOptions.defaults(), false);
    }

    @Override
    @Test
    protected void carriesLargeVolumesToAPeerThatHasEndedItsOutput() {
        carryLargeVolumesToAPeerThatHasEndedItsOutput();
    }
}
