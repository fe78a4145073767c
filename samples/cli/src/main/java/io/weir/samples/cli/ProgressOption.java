package io.weir.samples.cli;

import io.weir.samples.cli.peers.PeersDisplay;
import io.weir.samples.cli.ping.PingDisplay;
import io.weir.samples.cli.progress.Progress;
import io.weir.samples.cli.progress.ProgressStyle;
import java.util.ArrayList;
import picocli.CommandLine.Option;

/** How progress is shown; the start script tells through the environment whether there is a terminal. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ProgressOption {

    /** As they are typed. */
    static final class Styles extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Styles() {
            super(Words.of(ProgressStyle.values()));
        }
    }

    @Option(
            names = "--progress",
            paramLabel = "STYLE",
            completionCandidates = Styles.class,
            defaultValue = "${env:WEIR_PROGRESS:-plain}",
            description = "bar (drawn anew; on a terminal only), plain (lines) or none. Without it: bar on a terminal, "
                    + "else plain.")
    private ProgressStyle style;

    /** 0 where standard error is no terminal. */
    @Option(names = "--columns", hidden = true, defaultValue = "${env:WEIR_COLUMNS:-0}")
    private int columns;

    @Option(names = "--lines", hidden = true, defaultValue = "${env:WEIR_LINES:-24}")
    private int lines;

    @Option(names = "--stats", description = "At the end also show the peak of this process's memory.")
    private boolean stats;

    Progress start(Console console, String name, long size) {
        return style().start(console.err(), columns, name, size);
    }

    /** So many round trips, in the same style. */
    PingDisplay startRoundTrips(Console console, int count) {
        return new PingDisplay(console.err(), style(), columns, count);
    }

    /** Where peers are at, in the same style; the lines are results, for programs if {@code json}. */
    PeersDisplay startPeers(Console console, boolean json) {
        return new PeersDisplay(new PeersDisplay.Surface(style(), console.err(), columns, lines, console::print, json));
    }

    /** What moves the cursor is for terminals: elsewhere it would be read as text. */
    private ProgressStyle style() {
        return style == ProgressStyle.BAR && columns <= 0 ? ProgressStyle.PLAIN : style;
    }

    /** The figures of the process itself, if wanted. */
    void finish(Console console) {
        if (stats) {
            console.say("memory: " + MemoryPeak.ofThisProcess());
        }
    }
}
