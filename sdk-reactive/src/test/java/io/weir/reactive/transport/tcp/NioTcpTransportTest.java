package io.weir.reactive.transport.tcp;

import io.weir.reactive.transport.LinkTransport;
import org.junit.jupiter.api.Test;

/** The contract over TCP on the JDK's selectors, as where there is no native transport. */
final class NioTcpTransportTest extends TcpTransportTest {
    @Override
    protected LinkTransport newTransport() {
        return new TcpTransport(2, false);
    }

    @Override
    @Test
    protected void carriesLargeVolumesToAPeerThatHasEndedItsOutput() {
        carryLargeVolumesToAPeerThatHasEndedItsOutput();
    }
}
