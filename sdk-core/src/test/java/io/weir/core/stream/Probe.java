package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listener that notes what it is told, and checks the order in which it is. */
final class Probe implements StreamListener {

    final List<byte[]> elements = new ArrayList<>();
    final List<String> told = new ArrayList<>();

    @Nullable
    StreamEpoch epoch;

    boolean takes = true;
    /** Run inside each onElement, before it answers. */
    Runnable onElement = () -> {};
    /** Run inside onSendEnded and onReceiveEnded. */
    Runnable onHalfEnded = () -> {};

    int sendable;
    int sendEnded;
    int receiveEnded;
    int ended;
    int settled;

    @Nullable
    ErrorCode stopped;

    @Nullable
    ErrorCode reset;

    StreamEpoch epoch() {
        StreamEpoch e = epoch;
        if (e == null) {
            throw new IllegalStateException("not bound");
        }
        return e;
    }

    @Override
    public void onSendable() {
        expect(sendEnded == 0, "onSendable after onSendEnded");
        sendable++;
    }

    @Override
    public void onSendEnded(@Nullable ErrorCode code, long rawCode) {
        expect(++sendEnded == 1, "onSendEnded twice");
        expect(ended == 0, "onSendEnded after onEnded");
        stopped = code;
        told.add("sendEnded " + code);
        onHalfEnded.run();
    }

    @Override
    public void onSendSettled(@Nullable ErrorCode code, long rawCode) {
        expect(++settled == 1, "onSendSettled twice");
        expect(sendEnded == 1, "onSendSettled before onSendEnded");
        expect(ended == 0, "onSendSettled after onEnded");
        told.add("settled " + code);
    }

    @Override
    public boolean onElement(byte[] array, int offset, int length) {
        expect(receiveEnded == 0, "onElement after onReceiveEnded");
        onElement.run();
        if (takes) {
            elements.add(Arrays.copyOfRange(array, offset, offset + length));
        }
        return takes;
    }

    @Override
    public void onReceiveEnded(@Nullable ErrorCode code, long rawCode) {
        expect(++receiveEnded == 1, "onReceiveEnded twice");
        expect(ended == 0, "onReceiveEnded after onEnded");
        reset = code;
        told.add("receiveEnded " + code);
        onHalfEnded.run();
    }

    @Override
    public void onEnded() {
        expect(++ended == 1, "onEnded twice");
        expect(sendEnded == 1 && receiveEnded == 1, "onEnded before both halves: " + told);
        told.add("ended");
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
