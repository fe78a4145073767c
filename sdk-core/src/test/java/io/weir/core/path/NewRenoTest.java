package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NewRenoTest {

    private static final int DATAGRAM = ControllerDriver.DATAGRAM;
    private static final long RTT = 100_000_000L;

    /** RFC 9002 section 7.3.3: one datagram more for each window that is acknowledged, to the byte. */
    @Test
    void growsByOneDatagramForEachWindowAcknowledged() {
        ControllerDriver driver = new ControllerDriver(new NewReno(DATAGRAM), RTT);
        driver.rounds(2);
        driver.lossyRound();
        assertThat(driver.controller.windowBytes()).isEqualTo(20 * DATAGRAM);

        long first = driver.send(20);
        driver.ack(first, first + 19);
        assertThat(driver.controller.windowBytes()).isEqualTo(20 * DATAGRAM);
        driver.ack(first + 19, first + 20);
        assertThat(driver.controller.windowBytes()).isEqualTo(21 * DATAGRAM);

        driver.rounds(9);
        assertThat(driver.controller.windowBytes()).isEqualTo(30 * DATAGRAM);
    }

    /** Section 7.3.2: half of the window. */
    @Test
    void growthTowardsTheNextDatagramIsForgottenAtALoss() {
        ControllerDriver driver = new ControllerDriver(new NewReno(DATAGRAM), RTT);
        driver.rounds(2);
        driver.lossyRound();
        long first = driver.send(20);
        driver.ack(first, first + 19);

        driver.controller.onCongestion(CongestionSignal.LOSS, first + 19);
        assertThat(driver.controller.windowBytes()).isEqualTo(10 * DATAGRAM);

        first = driver.send(10);
        driver.ack(first, first + 9);
        assertThat(driver.controller.windowBytes()).isEqualTo(10 * DATAGRAM);
    }
}
