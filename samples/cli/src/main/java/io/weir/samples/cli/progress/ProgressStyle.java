package io.weir.samples.cli.progress;

import java.io.PrintStream;

/** How progress is shown; {@code --progress} chooses, by default whether standard error is a terminal. */
public enum ProgressStyle {
    /** A bar that is redrawn, with rate and time left. */
    BAR,
    /** A line each second, with rate and time left. */
    PLAIN,
    /** Nothing. */
    NONE;

    /**
     * Begins to show a transfer of so many bytes, or of a number that is not known: less than 0.
     *
     * @param columns width of the terminal
     */
    public Progress start(PrintStream out, int columns, String name, long size) {
        if (size == 0) {
            return Progress.none();
        }
        return switch (this) {
            case BAR -> new BarProgress(out, columns, name, size);
            case PLAIN -> new PlainProgress(out, name, size, System::nanoTime);
            case NONE -> Progress.none();
        };
    }
}
