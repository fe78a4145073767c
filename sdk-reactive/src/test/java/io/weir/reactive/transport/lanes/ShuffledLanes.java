package io.weir.reactive.transport.lanes;

import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The lanes of a session as a source for a carrier that merges them: what each lane has said waits in a queue of its own, is
 * held back now and then, and leaves in an order that chance decides.
 *
 * <p>It keeps what a carrier of order PER_HALF promises: each lane is in order, other lanes wait until HELLO has left, END
 * leaves last, and a half's lane ends abruptly only behind its RESET, sometimes.
 */
final class ShuffledLanes implements Lanes {

    /** Frames that wait at most before lanes are asked again. */
    private static final int MOST_QUEUED = 256;

    private static final int[] ROOM_FOR_ELEMENTS = {700, 5_000, FrameWriter.RECORD_MAX};
    private static final String CONTROL = "control";

    private final Lanes lanes;
    private final Carrier below;
    private final Delays delays;
    private final SplittableRandom random;
    private final Map<String, LaneQueue> queues = new LinkedHashMap<>();
    private final Set<HalfLane> awake = new LinkedHashSet<>();
    private final Disposable.Composite holds = Disposables.composite();
    private final FrameReader reader = new FrameReader();
    private final FrameWriter writer = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);
    private final FrameWriter elementWriter;
    private boolean controlAwake;
    private boolean messagesAwake;
    private boolean helloHasLeft;
    private boolean endHasLeft;
    private boolean closed;

    ShuffledLanes(Lanes lanes, Carrier below, Delays delays, SplittableRandom random) {
        this.lanes = lanes;
        this.below = below;
        this.delays = delays;
        this.random = random;
        int room = ROOM_FOR_ELEMENTS[random.nextInt(ROOM_FOR_ELEMENTS.length)];
        elementWriter = new FrameWriter(Math.min(room, FrameWriter.RECORD_TARGET), room);
    }

    // ---- what the session tells its carrier

    void onWoken() {
        controlAwake = true;
        messagesAwake = true;
    }

    void onWoken(HalfLane half) {
        awake.add(half);
    }

    void forget(HalfLane half) {
        awake.remove(half);
    }

    void close() {
        closed = true;
        holds.dispose();
        queues.clear();
        awake.clear();
    }

    // ---- what the carrier below asks

    @Override
    public void begin() {
        // each lane is begun when it is asked
    }

    @Override
    public void control(FrameWriter record) {
        do {
            ask();
        } while (!closed && emit(record) && isAnyAwake());
    }

    @Override
    public boolean isFinished() {
        return endHasLeft;
    }

    @Override
    public void messages(FrameWriter out, int upToPosition) {
        // all is in control
    }

    @Override
    public void controlBehindHalves(FrameWriter out) {
        // nor do halves go beside it
    }

    @Override
    public void complete(FrameWriter out) {
        // each lane was told
    }

    @Override
    public boolean half(HalfLane half, FrameWriter out) {
        throw new IllegalStateException("asked for lanes apart");
    }

    @Override
    public long message(FrameWriter out) {
        throw new IllegalStateException("asked for lanes apart");
    }

    @Override
    public boolean mayFollow(long lane) {
        throw new IllegalStateException("asked for lanes apart");
    }

    @Override
    public void sent(int bytes) {
        throw new IllegalStateException("asked for lanes apart");
    }

    // ---- asking the session

    private boolean isAnyAwake() {
        return controlAwake || messagesAwake || !awake.isEmpty();
    }

    private void ask() {
        while (!closed && isAnyAwake() && queued() < MOST_QUEUED) {
            switch (random.nextInt(3)) {
                case 0 -> askControl();
                case 1 -> askMessages();
                default -> askHalf();
            }
        }
    }

    private void askControl() {
        if (controlAwake) {
            controlAwake = false;
            writer.reset();
            lanes.begin();
            lanes.control(writer);
            if (!writer.isEmpty()) {
                controlAwake = true;
                lanes.sent(writer.position());
                keep(CONTROL, writer);
            }
        }
    }

    private void askMessages() {
        if (messagesAwake) {
            messagesAwake = false;
            writer.reset();
            lanes.begin();
            long lane = lanes.message(writer);
            if (lane != NONE) {
                messagesAwake = true;
                lanes.sent(writer.position());
                keep("message " + lane, writer);
            }
        }
    }

    private void askHalf() {
        if (awake.isEmpty()) {
            return;
        }
        HalfLane half = List.copyOf(awake).get(random.nextInt(awake.size()));
        awake.remove(half);
        elementWriter.reset();
        lanes.begin();
        boolean more = lanes.half(half, elementWriter);
        if (!elementWriter.isEmpty()) {
            lanes.sent(elementWriter.position());
            keep("half", elementWriter);
            if (more && !closed) {
                awake.add(half);
            }
        }
    }

    /** Takes what was written apart, into the queues of its lanes. */
    private void keep(String lane, FrameWriter written) {
        byte[] copy = Arrays.copyOf(written.array(), written.position());
        reader.reset(copy, 0, copy.length);
        while (!closed) {
            switch (reader.next()) {
                case DATA -> add("half " + reader.handle(), reader.data());
                case MESSAGE -> add(lane, reader.message().frame());
                case FRAME -> add(lane, reader.frame());
                case MALFORMED -> throw new AssertionError(reader.problem());
                case END -> {
                    return;
                }
            }
        }
    }

    private void add(String lane, Frame frame) {
        LaneQueue queue = queues.computeIfAbsent(lane, name -> new LaneQueue());
        if (queue.isEmpty() && !queue.isHeld() && random.nextInt(3) == 0) {
            hold(queue);
        }
        queue.add(frame);
    }

    private void hold(LaneQueue queue) {
        queue.hold();
        holds.add(delays.after(random, below.loop(), () -> {
            queue.release();
            if (!closed) {
                below.wake();
            }
        }));
    }

    private int queued() {
        return queues.values().stream().mapToInt(LaneQueue::size).sum();
    }

    // ---- giving it to the carrier below

    /** Writes frames of any lanes; false if the record is full, or nothing may leave now. */
    private boolean emit(FrameWriter record) {
        boolean wrote = false;
        while (true) {
            List<String> ready = new ArrayList<>();
            queues.forEach((name, queue) -> {
                if (mayLeave(name, queue)) {
                    ready.add(name);
                }
            });
            if (ready.isEmpty()) {
                return wrote;
            }
            String name = ready.get(random.nextInt(ready.size()));
            LaneQueue queue = queues.get(name);
            Frame frame = queue.first();
            if (record.isFull() || !record.write(frame)) {
                return false;
            }
            wrote = true;
            queue.removeFirst();
            onLeft(frame);
            if (queue.isEmpty() && !queue.isHeld() && queue != queues.get(CONTROL)) {
                queues.remove(name);
            }
        }
    }

    private boolean mayLeave(String name, LaneQueue queue) {
        if (queue.isEmpty() || queue.isHeld()) {
            return false;
        }
        if (queue.first() instanceof SessionFrame.End) {
            return queued() == 1;
        }
        return helloHasLeft || name.equals(CONTROL);
    }

    private void onLeft(Frame frame) {
        if (frame instanceof Hello) {
            helloHasLeft = true;
        } else if (frame instanceof SessionFrame.End) {
            endHasLeft = true;
        } else if (frame instanceof StreamFrame.Reset reset && random.nextBoolean()) {
            LaneQueue half = queues.get("half " + reset.handle());
            if (half != null) {
                half.clear();
            }
        }
    }
}
