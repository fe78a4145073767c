package io.weir.reactive.session.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.DatagramCounts;
import io.weir.reactive.transport.DatagramCounter;
import io.weir.reactive.transport.DatagramSocket;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class NodeCountsTest {

    private final NodeCounts counts = new NodeCounts();

    private static DatagramSocket socket(DatagramCounter counter) {
        return (DatagramSocket) Proxy.newProxyInstance(
                NodeCountsTest.class.getClassLoader(),
                new Class<?>[] {DatagramSocket.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "counts" -> counter.counts();
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void sumsUpAllPortsAsTheyAreNow() {
        assertThat(counts.counts()).isEqualTo(DatagramCounts.NONE);
        DatagramCounter one = new DatagramCounter();
        DatagramCounter other = new DatagramCounter();
        counts.opened(socket(one));
        counts.opened(socket(other));

        one.onSent(5);
        one.onReceived();
        one.onDropped(2);
        other.onSent(1);
        other.onRefused();
        other.onFailed(3);
        other.onUnanswerable();

        assertThat(counts.counts()).isEqualTo(new DatagramCounts(6, 1, 2, 1, 3, 1));
    }

    @Test
    void keepsTheSumsOfPortsThatAreClosedAndNotThePorts() {
        for (int i = 0; i < 1_000; i++) {
            DatagramCounter counter = new DatagramCounter();
            DatagramSocket socket = socket(counter);
            counts.opened(socket);
            counter.onSent(1);
            counts.closed(socket);
            counts.closed(socket);
            assertThat(counts.open()).isZero();
        }
        assertThat(counts.counts().sent()).isEqualTo(1_000);
    }
}
