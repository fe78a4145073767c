package io.weir.reactive.session.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.PacketSealer;
import io.weir.core.error.ErrorCode;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathSettings;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameType;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.LinkFrame.Padding;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.SessionFrame.End;
import io.weir.core.wire.SessionFrame.Ping;
import io.weir.core.wire.VarInt;
import io.weir.reactive.transport.Lane;
import io.weir.reactive.transport.SilentSession;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any plaintexts that an authenticated peer seals: FEEDBACK is never among the frames that the session gets, who breaks a rule is
 * told so once and with a code of the peer's fault, and nothing is thrown. An input is packets one behind the other, each with its
 * length in front; if that is 255, as many milliseconds pass as the next byte says.
 */
class PacketCarrierFuzzTest {

    private static final int PASSES = 255;

    /** Each kind of frame in a packet, FEEDBACK before, behind and between others, cut off, true and false. */
    static Stream<byte[]> seeds() {
        Feedback some = new Feedback(List.of(new PacketRange(0, 0)), 0, 0, 0, 0);
        Feedback marked = new Feedback(List.of(new PacketRange(0, 0)), VarInt.MAX, VarInt.MAX, 1, VarInt.MAX);
        Feedback gaps = new Feedback(List.of(new PacketRange(7, 9), new PacketRange(0, 3)), 9, 0, 0, 0);
        return Stream.of(
                script(Hello.defaults()),
                script(some),
                script(marked),
                script(gaps),
                script(Hello.defaults(), some),
                script(some, Hello.defaults(), new Ping(1)),
                script(new Padding(9), some, new Padding(9), new Ping(1)),
                script(new End(0), new Ping(2)),
                new byte[] {2, 0x0B, 0},
                new byte[] {5, 0x0B, 0, 0, 0, 0x7F, (byte) PASSES, 100, 1, 3});
    }

    private static byte[] script(Frame... frames) {
        FrameWriter out = new FrameWriter(PASSES - 1, PASSES - 1);
        for (Frame frame : frames) {
            out.write(frame);
        }
        byte[] script = new byte[1 + out.position()];
        script[0] = (byte) out.position();
        System.arraycopy(out.array(), 0, script, 1, out.position());
        return script;
    }

    @MethodSource("seeds")
    @FuzzTest
    void packets(byte[] input) {
        Random random = new Random(3);
        PacketWire wire = new PacketWire(3);
        Handshaken keys = Handshaken.between(Ends.FIRST, Ends.SECOND, random::nextBytes, 1_000_000);
        PacketSettings settings =
                new PacketSettings(PathSettings.defaults(), random::nextBytes, new DropCounts(), new PacketBuffers());
        PacketCarrier carrier = PacketCarrier.over(wire.bind(Ends.FIRST), keys.initiator(), settings, () -> {});
        PacketSealer sealer = new PacketSealer(
                keys.responder().established().sending(), keys.responder().peerIndex());
        Session session = new Session(carrier);
        wire.loop().execute(() -> carrier.start(session, session));
        wire.pass(0);
        long number = 0;
        for (int at = 0; at < input.length; ) {
            int length = input[at] & 0xFF;
            if (length == PASSES) {
                wire.pass(at + 1 < input.length ? (input[at + 1] & 0xFF) * PacketWire.MILLI : 0);
                at += 2;
                continue;
            }
            byte[] frames = Arrays.copyOfRange(input, at + 1, Math.min(input.length, at + 1 + length));
            at += 1 + length;
            if (frames.length > 0) {
                byte[] packet = new byte[frames.length + PacketSealer.OVERHEAD];
                int sealed = sealer.seal(number++, frames, 0, frames.length, packet);
                wire.loop().execute(() -> {
                    carrier.onPacket(packet, 0, sealed, Ends.SECOND, Ecn.NOT_ECT);
                    carrier.onReceived();
                });
                wire.pass(0);
            }
        }
        wire.pass(1_000 * PacketWire.MILLI);
        wire.loop().execute(carrier::close);
        wire.pass(0);
    }

    /** One that takes everything, and has nothing to say but that the peer has said HELLO. */
    private static final class Session extends SilentSession {
        private final PacketCarrier carrier;
        private int violations;

        Session(PacketCarrier carrier) {
            this.carrier = carrier;
        }

        @Override
        public boolean onFrames(Lane lane, byte[] array, int length, boolean own) {
            assertThat(violations).as("nothing is heard behind a violation").isZero();
            assertThat(length).isPositive();
            assertThat(array[0]).isNotEqualTo((byte) FrameType.FEEDBACK.number());
            if (array[0] == FrameType.HELLO.number()) {
                carrier.onPeerHello(0);
            }
            return true;
        }

        @Override
        public void onViolation(ErrorCode error, String problem) {
            violations++;
            assertThat(violations).isOne();
            assertThat(error).isIn(ErrorCode.PROTOCOL_VIOLATION, ErrorCode.MALFORMED_FRAME);
        }
    }
}
