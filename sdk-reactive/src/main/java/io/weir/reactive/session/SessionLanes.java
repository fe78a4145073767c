package io.weir.reactive.session;

import io.weir.core.wire.FrameWriter;
import io.weir.reactive.session.carrier.FairMerge;
import io.weir.reactive.session.message.Messages;
import io.weir.reactive.session.stream.Streams;

/**
 * What a session says, lane by lane: its control frames first, then those of streams and messages, then messages and streams
 * in fair shares. Loop-confined.
 */
final class SessionLanes implements FairMerge.Source {

    private final SessionCore core;

    SessionLanes(SessionCore core) {
        this.core = core;
    }

    @Override
    public void fill(FrameWriter record) {
        core.tick();
        core.control().write(record);
        if (core.life().isOpen()) {
            core.watch().write(record);
            int answered = record.position();
            fillFromLanes(record);
            if (record.position() > answered) {
                core.watch().writeOnTraffic(record);
            }
        }
        if (!record.isEmpty()) {
            core.onFilled(record.position());
        }
        core.drain().check();
    }

    /** What controls goes first; then messages take half of the record where streams have data too, all of it otherwise. */
    private void fillFromLanes(FrameWriter record) {
        Streams streams = core.streams();
        Messages messages = core.messages();
        streams.writeControl(record);
        messages.writeControl(record);
        messages.write(record, streams.hasData() ? FrameWriter.RECORD_TARGET / 2 : FrameWriter.RECORD_TARGET);
        streams.fill(record);
        messages.write(record, FrameWriter.RECORD_TARGET);
    }

    @Override
    public boolean isFinished() {
        return core.control().endWritten();
    }

    @Override
    public void onDefect(Throwable defect) {
        core.onDefect(defect);
    }
}
