package io.weir.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionKeeper.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which address is dialled in which turn where transports are preferred, and why not another one. */
class TransportPreferenceTest {

    private static final PeerAddress TCP = PeerAddress.tcp("a.example", 1);
    private static final PeerAddress UDP = PeerAddress.udp("a.example", 1);
    private static final PeerAddress QUIC = PeerAddress.quic("a.example", 1);
    private static final PeerAddress OTHER = PeerAddress.parse("other://a.example:1");
    private static final Duration FALLBACK = Duration.ofMinutes(5);
    private static final ConnectionPolicy POLICY = ConnectionPolicy.defaults().withTransports("quic", "udp", "tcp");
    private static final CloseReason SILENT = CloseReason.local(ErrorCode.CONNECT_FAILED);
    private static final CloseReason MISSING = CloseReason.local(ErrorCode.ADDRESS_UNUSABLE);
    private static final CloseReason LOST = CloseReason.local(ErrorCode.LINK_LOST);
    private static final PeerId SELF =
            Identity.generate(bytes -> new Random(1).nextBytes(bytes)).peerId();
    private static final PeerId PEER =
            Identity.generate(bytes -> new Random(2).nextBytes(bytes)).peerId();

    private long now = Long.MAX_VALUE - 1; // sums overflow

    private ConnectionKeeper keeper(ConnectionPolicy policy) {
        return new ConnectionKeeper(policy, SELF, PEER, List.of(TCP, OTHER, UDP, QUIC), now);
    }

    /** Dials until it works at that address, or the round is over; returns where it has dialled. */
    private List<PeerAddress> round(ConnectionKeeper keeper, PeerAddress... works) {
        List<PeerAddress> dialled = new ArrayList<>();
        while (keeper.phase() == Phase.DUE) {
            PeerAddress address = keeper.dial();
            dialled.add(address);
            if (List.of(works).contains(address)) {
                keeper.onReady(PEER, true, now);
            } else {
                keeper.onDialFailed(SILENT, now, 0.5);
            }
        }
        return dialled;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /** Loses the session, and waits until it is dialled again. */
    private void lose(ConnectionKeeper keeper) {
        keeper.onLost(LOST, now, 0.5);
        now = keeper.deadlineNanos();
        assertThat(keeper.onDeadline(now)).isTrue();
    }

    @Test
    void thePreferredIsDialledFirstAndThoseOfNoSchemeLast() {
        assertThat(round(keeper(POLICY))).containsExactly(QUIC, UDP, TCP, OTHER);
        assertThat(round(keeper(POLICY.withTransports("udp")))).containsExactly(UDP, TCP, OTHER, QUIC);
        assertThat(round(keeper(POLICY.withTransports()))).containsExactly(TCP, OTHER, UDP, QUIC);
    }

    @Test
    void whyThePreferredIsNotUsedIsKnown() {
        ConnectionKeeper keeper = keeper(POLICY);
        keeper.dial();
        keeper.onDialFailed(MISSING, now, 0.5);
        round(keeper, TCP);

        assertThat(keeper.passedOver("tcp"))
                .containsExactly(new PassedOver(QUIC, MISSING), new PassedOver(UDP, SILENT));
        assertThat(keeper.passedOver("udp")).containsExactly(new PassedOver(QUIC, MISSING));
        assertThat(keeper.passedOver("quic")).isEmpty();
    }

    @Test
    void nothingIsPassedOverWhereNothingIsPreferredOrHasFailed() {
        ConnectionKeeper indifferent = keeper(POLICY.withTransports());
        assertThat(round(indifferent, UDP)).containsExactly(TCP, OTHER, UDP);
        assertThat(indifferent.passedOver("udp")).isEmpty();

        ConnectionKeeper inbound = keeper(POLICY);
        inbound.onReady(PEER, false, now);
        assertThat(inbound.passedOver("tcp")).isEmpty();
    }

    @Test
    void whatHasFailedComesBehindWhatHasNotUntilTheTimeIsOver() {
        ConnectionKeeper keeper = keeper(POLICY);
        assertThat(round(keeper, TCP)).containsExactly(QUIC, UDP, TCP);
        long fellBack = now;

        lose(keeper);
        assertThat(round(keeper, TCP)).containsExactly(TCP);

        pass(FALLBACK.minusNanos(now - fellBack).minusSeconds(1));
        lose(keeper);
        now = fellBack + FALLBACK.toNanos();
        assertThat(round(keeper)).as("as arranged before the time was over").startsWith(TCP);
    }

    @Test
    void thePreferredIsReturnedToWithTheFirstDialAfterTheTime() {
        ConnectionKeeper keeper = keeper(POLICY);
        round(keeper, TCP);
        pass(FALLBACK);
        assertThat(keeper.phase()).as("a session is not moved").isEqualTo(Phase.READY);

        lose(keeper);
        assertThat(round(keeper, QUIC)).containsExactly(QUIC);
        assertThat(keeper.passedOver("quic")).isEmpty();

        lose(keeper);
        assertThat(round(keeper, QUIC, UDP)).as("it has worked").containsExactly(QUIC);
    }

    @Test
    void withoutATimeThePreferredIsFirstInEachRound() {
        ConnectionKeeper keeper = keeper(POLICY.withFallbackFor(Duration.ZERO));
        for (int i = 0; i < 3; i++) {
            assertThat(round(keeper, TCP)).containsExactly(QUIC, UDP, TCP);
            lose(keeper);
        }
    }

    /** Of a peer that is not there nothing is learnt about the transports. */
    @Test
    void aPeerThatWasNotThereAtAllIsDialledInTheOrderOfPreferenceAgain() {
        ConnectionKeeper keeper = keeper(POLICY);
        for (int i = 0; i < 3; i++) {
            assertThat(round(keeper)).containsExactly(QUIC, UDP, TCP, OTHER);
            now = keeper.deadlineNanos();
            keeper.onDeadline(now);
        }
    }

    @Test
    void retryForgetsWhatHasFailed() {
        ConnectionKeeper keeper = keeper(POLICY.withMaxAttempts(1));
        round(keeper);
        assertThat(keeper.phase()).isEqualTo(Phase.GAVE_UP);

        keeper.retry();
        assertThat(keeper.passedOver("other")).isEmpty();
        assertThat(round(keeper, UDP)).containsExactly(QUIC, UDP);
    }

    /** What cannot be dialled here at all is left out, and still known as passed over. */
    @Test
    void whatIsStruckOutIsNotDialledAgain() {
        ConnectionKeeper keeper = keeper(POLICY);
        keeper.dial();
        keeper.onDialFailed(MISSING, now, 0.5);
        assertThat(round(keeper, UDP)).containsExactly(UDP);
        pass(FALLBACK);
        lose(keeper);

        assertThat(round(keeper)).containsExactly(UDP, TCP, OTHER);
        assertThat(keeper.passedOver("udp")).containsExactly(new PassedOver(QUIC, MISSING));
    }
}
