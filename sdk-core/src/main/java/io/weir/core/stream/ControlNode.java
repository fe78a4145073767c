package io.weir.core.stream;

import io.weir.core.list.IntrusiveList;
import io.weir.core.wire.FrameWriter;

/**
 * A half's place in one of its session's lists. What a half has to tell is kept in the half as flags, so
 * that nothing is queued for each frame and a peer that never reads cannot make answers pile up (PROTOCOL section 4).
 */
abstract sealed class ControlNode extends IntrusiveList.Node<ControlNode> permits SendHalf, ReceiveHalf {

    /**
     * Writes the frames that are due. Once nothing is due it leaves its list, and only then calls out.
     *
     * @return false if the record has no room; then it stays in its list
     */
    abstract boolean writeDue(FrameWriter out);

    final void leaveList() {
        IntrusiveList.<ControlNode>leave(this);
    }
}
