package io.weir.core.stream;

import io.weir.core.map.LongMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The epochs of each stream id that are not confirmed ended, and the highest used or seen. An id without any is forgotten
 * and starts at 1 again. It also counts those that are not over. Bounded by what its owner registers: the peer's by open credit, this side's by the table's limit.
 */
final class EpochBook {

    private static final class Page {
        private final List<StreamEpoch> epochs = new ArrayList<>(1);
        private long highest;
    }

    private final LongMap<Page> pages;
    private int live;
    private int opened;

    /** @param hashSeed of the ids, which peers choose */
    EpochBook(long hashSeed) {
        pages = new LongMap<>(hashSeed);
    }

    /** The highest epoch used or seen for this id, 0 if none is remembered. */
    long highest(StreamId id) {
        Page page = pages.get(id.value());
        return page == null ? 0 : page.highest;
    }

    /** The epoch with the highest number of those remembered. */
    @Nullable
    StreamEpoch current(StreamId id) {
        Page page = pages.get(id.value());
        return page == null ? null : page.epochs.get(page.epochs.size() - 1);
    }

    /** The epoch of this number that is not confirmed ended. */
    @Nullable
    StreamEpoch find(StreamId id, long epoch) {
        Page page = pages.get(id.value());
        if (page != null) {
            for (StreamEpoch e : page.epochs) {
                if (e.epoch() == epoch && !e.isConfirmed()) {
                    return e;
                }
            }
        }
        return null;
    }

    /** Whether all epochs of an id are confirmed ended, but for this one: they wait only for the peer to have their frames. */
    boolean isOverBut(StreamId id, @Nullable StreamEpoch except) {
        Page page = pages.get(id.value());
        if (page != null) {
            for (StreamEpoch e : page.epochs) {
                if (e != except && !e.isConfirmed()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Adds an epoch: above all others of its id that are not confirmed ended. */
    void add(StreamEpoch epoch) {
        Page page = pages.get(epoch.id().value());
        if (page == null) {
            page = new Page();
            pages.put(epoch.id().value(), page);
        }
        page.epochs.add(epoch);
        page.highest = epoch.epoch();
    }

    /** The current epoch of its id takes a higher number. */
    void rebind(StreamEpoch current, long epoch) {
        Page page = pages.get(current.id().value());
        if (page != null) {
            current.rebind(epoch);
            page.highest = epoch;
        }
    }

    /** Forgets an epoch. If it is the highest and the peer never heard of it, its number may be used again. */
    void remove(StreamEpoch epoch) {
        Page page = pages.get(epoch.id().value());
        if (page == null) {
            return;
        }
        boolean unheardOf = epoch.epoch() == page.highest && epoch.isUnheardOf();
        page.epochs.remove(epoch);
        if (page.epochs.isEmpty()) {
            pages.remove(epoch.id().value());
        } else if (unheardOf) {
            page.highest = epoch.epoch() - 1;
        }
    }

    /** All epochs remembered, to go through while they come and go. */
    List<StreamEpoch> all() {
        List<StreamEpoch> all = new ArrayList<>();
        pages.forEach(page -> all.addAll(page.epochs));
        return all;
    }

    // ---- those that are not over

    /** Another epoch that is not over. */
    void onBegun(StreamEpoch epoch) {
        live++;
        if (epoch.openedHere()) {
            opened++;
        }
    }

    /** An epoch is over: no frame about it is left to come, to write or to tell. */
    void onOver(StreamEpoch epoch) {
        live--;
        if (epoch.openedHere()) {
            opened--;
        }
    }

    /** Epochs that are not over, those waiting for confirmations included. */
    int live() {
        return live;
    }

    /** Those of them that this side has opened. */
    int opened() {
        return opened;
    }

    /** Ids remembered. */
    int size() {
        return pages.size();
    }
}
