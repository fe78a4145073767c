package io.weir.reactive.session.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.transport.SessionLoop;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class PacketClockTest {

    private long time = 100;
    private int readings;

    private final PacketClock clock = new PacketClock((SessionLoop) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {SessionLoop.class}, (proxy, method, arguments) -> {
                readings++;
                return time++;
            }));

    @Test
    void isReadEachTimeOutsideABatch() {
        assertThat(clock.nowNanos()).isEqualTo(100);
        assertThat(clock.nowNanos()).isEqualTo(101);
        clock.begin();
        clock.end();
        assertThat(clock.nowNanos()).isEqualTo(103);
    }

    @Test
    void isReadOnceForPacketsThatComeTogether() {
        long began = clock.begin();
        for (int i = 1; i < PacketClock.MOST_USES; i++) {
            assertThat(clock.nowNanos()).isEqualTo(began);
        }
        assertThat(readings).isEqualTo(1);
    }

    @Test
    void doesNotLagBehindHoweverMuchComes() {
        long began = clock.begin();
        for (int i = 1; i <= 10 * PacketClock.MOST_USES; i++) {
            assertThat(clock.nowNanos()).isEqualTo(began + i / PacketClock.MOST_USES);
        }
    }

    @Test
    void isReadAnewWithinABatchWhenAskedTo() {
        clock.renew();
        assertThat(readings).as("there is no batch").isZero();
        clock.begin();
        clock.renew();
        assertThat(clock.nowNanos()).isEqualTo(101);
        assertThat(clock.nowNanos()).isEqualTo(101);
    }
}
