package io.weir.reactive.session.packet;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.datagram.DropCounts;
import io.weir.core.error.ErrorCode;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.core.path.PathSettings;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOwner;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.Lane;
import io.weir.reactive.transport.SilentSession;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The least that is a session: says HELLO, then things, each until it is known to have come, then END; hears the same, and counts.
 * A thing is a WINDOW of its number.
 */
final class Talker extends SilentSession implements FrameOwner, DatagramSocket.Receiver {

    private static final int THING = 0;
    private static final int HELLO = 1;
    private static final int END = 2;

    final PacketCarrier carrier;
    final DropCounts drops = new DropCounts();
    final List<String> told = new ArrayList<>();
    final Set<Long> heard = new HashSet<>();
    final List<Frame> frames = new ArrayList<>();
    final Map<Long, Integer> lost = new HashMap<>();
    final Set<Long> arrived = new HashSet<>();
    final PacketWire.Socket socket;
    private final ArrayDeque<Long> due = new ArrayDeque<>();
    private final FrameReader reader = new FrameReader();
    /** So many more things are to be said than are due. */
    long endless;

    private long next;
    private boolean helloDue = true;
    private boolean endDue;
    private boolean endWritten;
    private boolean pongDue;
    private long pong;
    /** Bytes of frames that came in one packet, by how often. */
    int hearings;

    long closedAt = -1;
    boolean closesOnEnd = true;
    boolean closesWhenAsked;

    Talker(PacketWire.Socket socket, PacketKeys keys, PathSettings path, long seed) {
        this.socket = socket;
        RandomBytes random = new Random(seed)::nextBytes;
        carrier = PacketCarrier.over(
                socket,
                keys,
                new PacketSettings(path, random, drops, new PacketBuffers()),
                () -> closedAt = socket.loop().nowNanos());
        socket.receive(this);
    }

    /** On the loop, as all of these. */
    void start() {
        carrier.start(this, this);
        carrier.wake();
    }

    void say(long things) {
        for (long i = 0; i < things; i++) {
            due.add(next++);
        }
        carrier.wake();
    }

    void end() {
        endDue = true;
        carrier.wake();
    }

    void onPing(long token) {
        pong = token;
        pongDue = true;
        carrier.wake();
    }

    /** How many things it has begun to say. */
    long said() {
        return next - due.size();
    }

    // ---- Lanes

    @Override
    public void begin() {
        if (closesWhenAsked) {
            carrier.close();
        }
    }

    @Override
    public void control(FrameWriter out) {
        if (helloDue) {
            helloDue = false;
            out.write(Hello.defaults().withMaxDatagramBytes(carrier.maxDatagramBytes()));
            out.note(this, HELLO, 0);
        }
        if (pongDue && out.pong(pong)) {
            pongDue = false;
        }
        while (endless > 0 && due.isEmpty() || !due.isEmpty()) {
            Long thing = due.isEmpty() ? Long.valueOf(next) : due.peek();
            if (!out.window(3, thing, thing)) {
                return;
            }
            out.note(this, THING, thing);
            if (due.isEmpty()) {
                endless--;
                next++;
            } else {
                due.poll();
            }
        }
        if (endDue && out.write(new SessionFrame.End(0))) {
            endDue = false;
            endWritten = true;
            out.note(this, END, 0);
        }
    }

    @Override
    public boolean isFinished() {
        return endWritten;
    }

    // ---- FrameOwner

    @Override
    public void onAcked(int what, long argument) {
        if (what == THING) {
            arrived.add(argument);
        }
    }

    @Override
    public void onLost(int what, long argument) {
        switch (what) {
            case HELLO -> helloDue = true;
            case END -> endDue = true;
            default -> {
                lost.merge(argument, 1, Integer::sum);
                if (!arrived.contains(argument)) {
                    due.add(argument);
                }
            }
        }
        carrier.wake();
    }

    // ---- FrameSink

    @Override
    public void onHeard(int bytes) {
        hearings++;
    }

    @Override
    public boolean keepsFrames() {
        return hearings % 2 == 0;
    }

    @Override
    public boolean onFrames(Lane lane, byte[] array, int length, boolean own) {
        reader.reset(array, 0, length);
        while (true) {
            switch (reader.next()) {
                case END -> {
                    return true;
                }
                case FRAME -> {
                    if (!onFrame(reader.frame())) {
                        return false;
                    }
                }
                default -> throw new AssertionError(reader.problem());
            }
        }
    }

    private boolean onFrame(Frame frame) {
        frames.add(frame);
        if (frame instanceof CreditFrame.Window thing) {
            heard.add(thing.limit());
        } else if (frame instanceof Hello hello) {
            carrier.onPeerHello(hello.maxDatagramBytes());
        } else if (frame instanceof SessionFrame.Ping ping) {
            onPing(ping.token());
        } else if (frame instanceof SessionFrame.Pong answer) {
            carrier.onPong(answer.token());
        } else if (frame instanceof SessionFrame.End) {
            told.add("END");
            if (closesOnEnd) {
                carrier.close();
            }
        } else if (frame instanceof io.weir.core.wire.LinkFrame.Feedback) {
            onViolation(ErrorCode.PROTOCOL_VIOLATION, "FEEDBACK among frames");
            return false;
        }
        return true;
    }

    @Override
    public void onViolation(ErrorCode error, String problem) {
        told.add(error + ": " + problem);
        end();
    }

    @Override
    public void onFlushed() {
        told.add("flushed");
    }

    @Override
    public void onLost(@Nullable Throwable failure) {
        told.add("lost" + (failure == null ? "" : ": " + failure.getMessage()));
        carrier.close();
    }

    // ---- DatagramSocket.Receiver

    @Override
    public void onDatagram(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        carrier.onPacket(array, offset, length, from, mark);
    }

    @Override
    public void onReceived() {
        carrier.onReceived();
    }

    @Override
    public void onWritable() {
        carrier.onWritable();
    }

    @Override
    public void onRefused(int bytes, PathAddress to) {
        carrier.onRefused(bytes, to);
    }

    @Override
    public void onClosed(@Nullable Throwable failure) {
        carrier.onSocketClosed(failure);
    }

    PacketWire.Socket socket() {
        return socket;
    }
}
