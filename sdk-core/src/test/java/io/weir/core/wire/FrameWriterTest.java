package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class FrameWriterTest {

    @Test
    void directWritersGiveTheSameBytesAsFrames() {
        same(new SessionFrame.Heartbeat(), FrameWriter::heartbeat);
        same(new SessionFrame.Ping(-5), out -> out.ping(-5));
        same(new SessionFrame.Pong(5), out -> out.pong(5));
        same(new CreditFrame.Window(3, 70_000, 1L << 40), out -> out.window(3, 70_000, 1L << 40));
        same(new CreditFrame.Blocked(3, 200, 100), out -> out.blocked(3, 200, 100));
        same(new StreamFrame.Reset(3, 0x20), out -> out.reset(3, 0x20));
        same(new StreamFrame.Stop(3, VarInt.MAX), out -> out.stop(3, false, VarInt.MAX));
        same(new StreamFrame.Stop(3, true, 0), out -> out.stop(3, true, 0));
        StreamFrame.Open open = new StreamFrame.Open(3, 4, 5, true, "x", Headers.of("a", "b"));
        same(open, out -> out.write(open));
    }

    @Test
    void dataSaysItsPlaceOnce() {
        FrameWriter out = new FrameWriter(100, 100);
        Bytes payload = Bytes.copyOf(new byte[] {7});
        FrameWriter frames = new FrameWriter(100, 100);
        frames.write(new StreamFrame.Data(3, true, true, 70_000, 9, -1, payload));
        frames.write(new StreamFrame.Data(3, true, false, 80_000, -1, 5, payload));
        frames.write(new StreamFrame.Data(3, true, true, -1, -1, -1, payload));

        out.place(70_000, 9);
        out.beginData(3, 1);
        out.payload().put((byte) 7);
        out.endData();
        out.place(80_000, -1);
        assertThat(out.placeOverhead()).isEqualTo(4);
        out.beginFragment(3, true, false, 5, 1);
        out.payload().put((byte) 7);
        out.endData();
        out.beginData(3, 1);
        out.payload().put((byte) 7);
        out.endData();

        assertThat(written(out)).isEqualTo(written(frames));
    }

    @Test
    void aPlaceCountsInWhatHasToFit() {
        FrameWriter out = new FrameWriter(10, 10);
        out.place(70_000, 9);
        assertThat(out.beginData(3, 3)).isFalse();
        assertThat(out.beginData(3, 2)).isTrue();
    }

    @Test
    void whatOnlyComesAlongIsForgottenWhereNothingFollows() {
        FrameWriter out = new FrameWriter(100, 100);
        PacketLedger notes = new PacketLedger();
        out.reset(notes);
        out.ping(1);
        out.markFront();
        int from = out.position();
        out.pong(2);
        out.note(new Owner(), 0, 0);
        out.markCompanion(from);
        assertThat(out.isBare()).isTrue();

        out.discard();

        assertThat(out.position()).isEqualTo(from);
        assertThat(notes.size()).isZero();
        assertThat(out.isNoted()).isTrue();
        out.heartbeat();
        assertThat(out.isBare()).isFalse();
        out.markCompanion(0);
        assertThat(out.isBare()).as("something is before it").isFalse();
    }

    private static byte[] written(FrameWriter out) {
        return Arrays.copyOf(out.array(), out.position());
    }

    private static final class Owner implements FrameOwner {
        @Override
        public void onAcked(int what, long argument) {}

        @Override
        public void onLost(int what, long argument) {}
    }

    @Test
    void dataWritersGiveTheSameBytesAsFrames() {
        for (long handle : new long[] {3, 63, 64, 16_383, 16_384, 1L << 30, VarInt.MAX}) {
            for (int length : new int[] {1, 63, 64, 16_383, 16_384, 40_000}) {
                Bytes payload = Bytes.copyOf(pattern(length));
                same(
                        new StreamFrame.Data(handle, true, true, -1, -1, -1, payload),
                        out -> out.beginData(handle, length) && fill(out, length));
                same(
                        new StreamFrame.Data(handle, true, false, -1, -1, 1L << 24, payload),
                        out -> out.beginFragment(handle, true, false, 1L << 24, length) && fill(out, length));
                same(
                        new StreamFrame.Data(handle, false, false, -1, -1, -1, payload),
                        out -> out.beginFragment(handle, false, false, 1L << 24, length) && fill(out, length));
                same(
                        new StreamFrame.Data(handle, false, true, -1, -1, -1, payload),
                        out -> out.beginFragment(handle, false, true, -1, length) && fill(out, length));
                same(
                        new StreamFrame.Data(handle, true, true, -1, -1, -1, payload),
                        out -> out.beginFragment(handle, true, true, -1, length) && fill(out, length));
            }
        }
    }

    @Test
    void smallElementCostsFourBytesOfHeader() {
        assertThat(FrameOverhead.data(3, 64)).isEqualTo(4);
        assertThat(FrameOverhead.data(3, 63)).isEqualTo(3);
        assertThat(FrameOverhead.fragment(3, true, false, 70_000, 64)).isEqualTo(8);
        assertThat(FrameOverhead.fragment(3, false, true, 70_000, 64)).isEqualTo(4);
    }

    @Test
    void everyFrameThatDoesNotFitWritesNothing() {
        RandomFrames frames = new RandomFrames(7);
        FrameWriter roomy = new FrameWriter(1, FrameWriter.RECORD_MAX);
        for (FrameType type : FrameType.values()) {
            Frame frame = frames.of(type);
            roomy.reset();
            roomy.write(frame);
            int length = roomy.position();

            FrameWriter exact = new FrameWriter(1, length + 1);
            assertThat(exact.heartbeat()).isTrue();
            assertThat(exact.write(frame)).as("%s in %d bytes", type, length).isTrue();
            assertThat(exact.remaining()).isZero();
            assertThat(exact.heartbeat()).isFalse();

            exact.reset();
            exact.heartbeat();
            exact.heartbeat();
            assertThat(exact.write(frame))
                    .as("%s in %d bytes", type, length - 1)
                    .isFalse();
            assertThat(exact.position()).isEqualTo(2);
        }
    }

    @Test
    void directWritersThatDoNotFitWriteNothing() {
        FrameWriter out = new FrameWriter(1, 3);

        for (Predicate<FrameWriter> write : List.<Predicate<FrameWriter>>of(
                o -> o.ping(1),
                o -> o.pong(1),
                o -> o.window(3, 0, 1),
                o -> o.blocked(3, 1, 0),
                o -> o.write(new StreamFrame.Close(3, 0, 0, 0)),
                o -> o.reset(3, 64),
                o -> o.stop(3, false, 64),
                o -> o.beginData(3, 1),
                o -> o.beginData(3, Integer.MAX_VALUE),
                o -> o.beginFragment(3, true, false, 1, 0),
                o -> o.beginFragment(3, false, true, 0, Integer.MAX_VALUE))) {
            assertThat(write.test(out)).isFalse();
            assertThat(out.position()).isZero();
        }
        assertThat(out.beginData(3, 0)).isTrue();
    }

    @Test
    void isFullFromTheTargetOnButTakesFramesUpToTheMaximum() {
        FrameWriter out = new FrameWriter(10, 20);
        assertThat(out.isEmpty()).isTrue();

        assertThat(out.ping(1)).isTrue();
        assertThat(out.isFull()).isFalse();
        assertThat(out.heartbeat()).isTrue();
        assertThat(out.isFull()).isTrue();
        assertThat(out.beginData(3, 7)).isTrue();
        assertThat(fill(out, 7)).isTrue();
        assertThat(out.remaining()).isZero();
        assertThat(out.isEmpty()).isFalse();
    }

    @Test
    void elementCountsOnlyOnceEnded() {
        FrameWriter out = new FrameWriter(100, 100);
        out.beginData(3, 5);
        assertThat(out.position()).isZero();

        out.payload().put((byte) 1);
        out.cancelData();

        assertThat(out.position()).isZero();
        assertThat(out.heartbeat()).isTrue();
        assertThat(hex(out)).isEqualTo("03");
    }

    @Test
    void payloadViewIsBigEndianAndBoundedWhateverTheCallerBeforeDid() {
        FrameWriter out = new FrameWriter(100, 100);
        out.beginData(3, 4);
        out.payload().order(ByteOrder.LITTLE_ENDIAN).clear();
        out.cancelData();

        out.beginData(3, 4);

        assertThat(out.payload().remaining()).isEqualTo(4);
        out.payload().putInt(0x01020304);
        out.endData();
        assertThat(hex(out)).isEqualTo("23030401020304");
    }

    @Test
    void elementMustBeFilledExactly() {
        FrameWriter out = new FrameWriter(100, 100);
        out.beginData(3, 2);
        out.payload().put((byte) 1);

        assertThatThrownBy(out::endData)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("payload was filled to 4 of 5, must be filled exactly to 5");
        out.payload().put((byte) 2);
        out.endData();
        assertThat(out.position()).isEqualTo(5);
    }

    @Test
    void movedLimitIsNotTakenForAFilledElement() {
        FrameWriter out = new FrameWriter(100, 100);
        out.beginData(3, 2);
        out.payload().clear().position(5);

        assertThatThrownBy(out::endData).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothingElseIsWrittenWhileAnElementIsUnderWay() {
        FrameWriter out = new FrameWriter(100, 100);
        out.beginData(3, 2);

        assertThatThrownBy(() -> out.beginData(3, 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> out.beginFragment(3, true, true, -1, 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(out::heartbeat).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> out.window(3, 0, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> out.write(new SessionFrame.Heartbeat())).isInstanceOf(IllegalStateException.class);
        out.reset();
        assertThatThrownBy(out::payload).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(out::endData).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesIllegalArguments() {
        FrameWriter out = new FrameWriter(100, 100);

        assertThatThrownBy(() -> out.beginData(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.beginData(3, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.beginData(VarInt.MAX + 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.beginFragment(3, true, false, 5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.beginFragment(3, true, false, -1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.beginFragment(3, false, true, 5, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.window(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FrameWriter(0, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FrameWriter(11, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FrameWriter(1, 65_520))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("max is 65520, must be 1 to 65519");
        assertThat(out.isEmpty()).isTrue();
    }

    @Test
    void illegalFramesCannotBeMade() {
        for (Runnable make : List.<Runnable>of(
                () -> new LinkFrame.Padding(0),
                () -> new StreamFrame.Open(2, 0, 0, true, "", Headers.empty()),
                () -> new StreamFrame.Open(3, 0, 0, true, "x".repeat(256), Headers.empty()),
                () -> new StreamFrame.Open(3, 0, -1, true, "", Headers.empty()),
                () -> new StreamFrame.Open(3, 0, 0, true, -2, false, false, "", Headers.empty()),
                () -> new CreditFrame.Window(0, 0, VarInt.MAX + 1),
                () -> new CreditFrame.Blocked(3, 1, 2),
                () -> new StreamFrame.Close(3, 31, 2, 0),
                () -> new StreamFrame.Close(3, 0, VarInt.MAX, 0),
                () -> new StreamFrame.Close(3, 16, 1, -1),
                () -> new StreamFrame.Stop(2, 0),
                () -> new LinkFrame.Feedback(List.of(), 0, 0, 0, 0),
                () -> new LinkFrame.Feedback(List.of(new PacketRange(5, 6), new PacketRange(4, 4)), 0, 0, 0, 0),
                () -> new PacketRange(2, 1),
                () -> new MessageFrame(MessageType.REPLY, 1, 1, 0, "", Headers.empty(), Bytes.empty()),
                () -> new MessageFrame(MessageType.REPLY, 2, 1, 0, "x", Headers.empty(), Bytes.empty()),
                () -> new StreamFrame.Data(3, true, false, -1, -1, -1, Bytes.empty()),
                () -> new StreamFrame.Data(3, true, true, -1, -1, 5, Bytes.empty()),
                () -> new StreamFrame.Data(3, false, true, -1, -1, -1, Bytes.empty()),
                () -> new LinkFrame.Unknown(0x3F, Bytes.empty()),
                () -> Hello.defaults().withSilenceLimitMillis(0),
                () -> Hello.defaults().withMaxDatagramBytes(1_199),
                () -> Hello.defaults().withPskMac(Bytes.copyOf(new byte[31])))) {
            assertThatThrownBy(make::run).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void same(Frame frame, Predicate<FrameWriter> direct) {
        FrameWriter expected = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
        FrameWriter actual = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);

        assertThat(expected.write(frame)).isTrue();
        assertThat(direct.test(actual)).isTrue();

        assertThat(hex(actual)).as(frame.toString()).isEqualTo(hex(expected));
    }

    private static boolean fill(FrameWriter out, int length) {
        out.payload().put(pattern(length));
        out.endData();
        return true;
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static String hex(FrameWriter out) {
        return HexFormat.of().formatHex(Arrays.copyOf(out.array(), out.position()));
    }

    @Test
    void packetHasNoMoreBytesThanItIsGiven() {
        FrameWriter out = new FrameWriter(100, 100);
        out.reset(new PacketLedger(), 20);

        assertThat(out.remaining()).isEqualTo(20);
        assertThat(out.beginData(3, 18)).isFalse();
        assertThat(out.ping(1)).isTrue();
        assertThat(out.ping(2)).isTrue();
        assertThat(out.isFull()).isFalse();
        assertThat(out.write(new LinkFrame.Padding(3))).isFalse();
        out.padTo(20);
        assertThat(out.isFull()).isTrue();
        assertThat(out.heartbeat()).isFalse();

        out.reset();
        assertThat(out.remaining()).isEqualTo(100);
        assertThatThrownBy(() -> out.reset(new PacketLedger(), 101)).hasMessage("bytes is 101, must be 1 to 100");
        assertThatThrownBy(() -> out.reset(new PacketLedger(), 0)).hasMessage("bytes is 0, must be 1 to 100");
        assertThatThrownBy(() -> out.padTo(101)).hasMessage("bytes is 101, must be at most 100");
    }

    @Test
    void fillsUpWithPaddingWhateverWasThereBefore() {
        FrameWriter out = new FrameWriter(100, 100);
        Arrays.fill(out.array(), (byte) 7);
        out.heartbeat();

        out.padTo(10);
        out.padTo(5);

        assertThat(out.position()).isEqualTo(10);
        FrameReader reader = new FrameReader().reset(out.array(), 0, 10);
        assertThat(reader.next()).isEqualTo(FrameReader.Kind.FRAME);
        assertThat(reader.position()).isEqualTo(1);
        assertThat(reader.next()).isEqualTo(FrameReader.Kind.END);
        assertThat(reader.position()).isEqualTo(10);
    }
}
