package io.weir.reactive.session.packet;

import io.weir.core.datagram.PacketOpener;
import io.weir.core.datagram.PacketSealer;
import io.weir.core.error.ErrorCode;
import io.weir.core.path.Ecn;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameType;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.reactive.operator.Numbered;
import org.jspecify.annotations.Nullable;

/**
 * Opens packets, and takes FEEDBACK off the front of their frames. What is not authentic is dropped and counted; what breaks a
 * rule is told. Loop-confined.
 */
final class PacketReader {

    /** Who hears what packets show beside their frames. */
    interface Owner {
        /** An authentic packet, of so many bytes. */
        void onAuthentic(InboundPacket packet, long number);

        /** Whether its frames are likely to be kept, so that they want an array of their own. */
        boolean keepsFrames();

        /** The peer broke a rule of packets. */
        void onViolation(ErrorCode error, String problem);
    }

    private final PacketOpener opener;
    private final PacketBuffers buffers;
    private final Owner owner;
    private final FrameReader front = new FrameReader();
    private byte @Nullable [] borrowed;
    private boolean helloHeard;
    private long ect0;
    private long ect1;
    private long ce;

    PacketReader(PacketOpener opener, PacketBuffers buffers, Owner owner) {
        this.opener = opener;
        this.buffers = buffers;
        this.owner = owner;
    }

    /** The peer's HELLO has come: other frames may, too. */
    void onHello() {
        helloHeard = true;
    }

    /** What has come, with the marks of all that has. */
    Feedback withCounts(Feedback ranges) {
        return new Feedback(ranges.ranges(), ranges.delayMicros(), ect0, ect1, ce);
    }

    /** The packet, opened; null if it was dropped. */
    @Nullable
    Numbered<InboundPacket> open(InboundPacket packet) {
        int most = Math.max(0, packet.datagramLength() - PacketSealer.OVERHEAD);
        boolean own = owner.keepsFrames();
        byte[] plaintext = own ? new byte[most] : borrow(most);
        int length = opener.open(packet.datagram(), packet.offset(), packet.datagramLength(), plaintext);
        if (length < 0) {
            if (length == PacketOpener.EXHAUSTED) {
                owner.onViolation(ErrorCode.KEY_EXHAUSTED, "");
            }
            return null;
        }
        count(packet.mark());
        owner.onAuthentic(packet, opener.number());
        return read(packet, plaintext, length, own) ? new Numbered<>(opener.number(), packet) : null;
    }

    /** Gives back what was borrowed for the last packet. */
    void release() {
        byte[] array = borrowed;
        if (array != null) {
            borrowed = null;
            front.trim();
            buffers.giveBack(array);
        }
    }

    void close() {
        opener.close();
    }

    private byte[] borrow(int length) {
        byte[] array = buffers.borrowPlaintext(length);
        borrowed = array;
        return array;
    }

    private void count(Ecn mark) {
        switch (mark) {
            case NOT_ECT -> {}
            case ECT_0 -> ect0++;
            case ECT_1 -> ect1++;
            case CE -> ce++;
        }
    }

    private boolean read(InboundPacket packet, byte[] plaintext, int length, boolean own) {
        int at = skipPadding(plaintext, 0, length);
        Feedback feedback = null;
        if (at < length && plaintext[at] == FrameType.FEEDBACK.number()) {
            if (front.reset(plaintext, at, length - at).next() != FrameReader.Kind.FRAME) {
                owner.onViolation(front.error(), front.problem());
                return false;
            }
            feedback = (Feedback) front.frame();
            at = skipPadding(plaintext, front.position(), length);
        }
        int bytes = length - at;
        if (bytes > 0 && !helloHeard && !mayComeFirst(plaintext[at])) {
            // It has overtaken HELLO: it counts as lost, and what is in it comes again.
            return false;
        }
        if (at > 0) {
            System.arraycopy(plaintext, at, plaintext, 0, bytes);
        }
        packet.opened(feedback, plaintext, bytes, own, bytes > 0);
        return true;
    }

    private static boolean mayComeFirst(byte type) {
        boolean ignorable = (type & 0xC0) != 0;
        return ignorable
                || type == FrameType.HELLO.number()
                || type == FrameType.END.number()
                || type == FrameType.PING.number(); // it may prove an address, by which HELLO comes
    }

    private static int skipPadding(byte[] plaintext, int from, int length) {
        int at = from;
        while (at < length && plaintext[at] == FrameType.PADDING.number()) {
            at++;
        }
        return at;
    }
}
