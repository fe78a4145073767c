package io.weir.samples.cli.progress;

import java.io.PrintStream;
import java.text.DecimalFormat;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on a terminal; a thread of its own redraws it five times a second. */
final class BarProgress implements Progress {

    private static final int REDRAW_MILLIS = 200;
    private static final int MEGABYTE = 1_000_000;

    private final ProgressBar bar;

    BarProgress(PrintStream out, int columns, String name, long size) {
        bar = new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(size)
                .setUnit(" MB", MEGABYTE)
                .showSpeed(new DecimalFormat("#,##0.0"))
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out, columns))
                .build();
    }

    @Override
    public void advance(long bytes) {
        bar.stepBy(bytes);
    }

    @Override
    public void close() {
        bar.close();
    }
}
