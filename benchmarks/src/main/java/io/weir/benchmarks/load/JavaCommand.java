package io.weir.benchmarks.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command of another process of this JVM's kind, with this one's class path. */
final class JavaCommand {

    private JavaCommand() {}

    /** @param options of the heap */
    static List<String> of(Class<?> main, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Dio.netty.leakDetection.level=disabled",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        return command;
    }
}
