package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.core.wire.PacketLedger;
import io.weir.core.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session says again of itself when a packet is lost. */
class LostSessionFramesTest {

    private static final Hello HELLO = Hello.defaults();
    private static final SessionFrame.Goaway GOAWAY = new SessionFrame.Goaway(3, 4, 5_000, 0);

    private int wakes;
    private final SessionControl control = new SessionControl(() -> wakes++);
    private final FrameWriter out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);

    @Test
    void helloIsSaidUntilItHasCome() {
        control.hello(HELLO);
        PacketLedger first = packet();
        assertThat(frames()).containsExactly(HELLO);

        first.onLost();
        assertThat(wakes).isEqualTo(1);
        PacketLedger second = packet();
        assertThat(frames()).containsExactly(HELLO);
        second.onAcked();
        assertThat(wakes).as("there is room where it stood").isEqualTo(2);
        first.onLost();

        assertNothingIsSaid();
        assertThat(wakes).isEqualTo(2);
    }

    @Test
    void untilHelloHasComeItStandsInFrontOfAllThatIsSaid() {
        control.hello(HELLO);
        PacketLedger first = packet();
        frames();

        packet();
        assertThat(out.isBare()).as("nothing to go along with").isTrue();
        control.pong(7);
        packet();
        assertThat(frames()).containsExactly(HELLO, new SessionFrame.Pong(7));

        first.onAcked();
        control.pong(8);
        packet();
        assertThat(frames()).containsExactly(new SessionFrame.Pong(8));
    }

    @Test
    void helloThatCameAfterAllIsNotRepeated() {
        control.hello(HELLO);
        PacketLedger first = packet();

        first.onLost();
        first.onAcked();

        assertNothingIsSaid();
    }

    @Test
    void goawayIsRepeatedAsItWasSaidLast() {
        control.goaway(GOAWAY);
        PacketLedger first = packet();
        SessionFrame.Goaway later = new SessionFrame.Goaway(3, 2, 1_000, 0);
        control.goaway(later);
        PacketLedger second = packet();
        frames();

        first.onLost();
        assertNothingIsSaid();
        first.onAcked();
        second.onLost();

        PacketLedger third = packet();
        assertThat(frames()).containsExactly(later);
        third.onAcked();
        second.onLost();
        assertNothingIsSaid();
    }

    @Test
    void endIsSaidUntilItHasComeAndNothingElse() {
        control.hello(HELLO);
        packet().onAcked();
        control.end(7);
        PacketLedger first = packet();
        assertThat(frames()).containsExactly(new SessionFrame.End(7));
        assertThat(control.endWritten()).isTrue();
        control.end(8);
        control.heartbeat();
        assertNothingIsSaid();

        first.onLost();

        PacketLedger second = packet();
        assertThat(frames()).containsExactly(new SessionFrame.End(7));
        second.onAcked();
        first.onLost();
        assertNothingIsSaid();
    }

    @Test
    void whereNothingIsLostNothingIsKept() {
        control.hello(HELLO);
        out.reset();
        control.write(out);
        assertThat(frames()).containsExactly(HELLO);

        assertNothingIsSaid();
    }

    private PacketLedger packet() {
        PacketLedger ledger = new PacketLedger();
        out.reset(ledger);
        control.write(out);
        return ledger;
    }

    private List<Frame> frames() {
        FrameReader reader = new FrameReader().reset(out.array(), 0, out.position());
        List<Frame> frames = new ArrayList<>();
        while (reader.next() == FrameReader.Kind.FRAME) {
            frames.add(reader.frame());
        }
        return frames;
    }

    private void assertNothingIsSaid() {
        packet();
        assertThat(out.isEmpty()).isTrue();
    }
}
