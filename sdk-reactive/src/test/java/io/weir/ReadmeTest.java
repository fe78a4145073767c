package io.weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs in the README, each cut out as it stands, compiled, and run by a JVM of its own. */
class ReadmeTest {

    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("(?:class|record|enum|interface)\\s+(\\w+)");
    /** What a program prints stands behind it: 'It prints 1, 2, 3 and ends'. */
    private static final Pattern PRINTS = Pattern.compile("\\s*It prints (.+?) and ends\\b.*", Pattern.DOTALL);

    @TempDir
    private Path folder;

    static List<Program> programs() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        return JAVA.matcher(readme)
                .results()
                .map(found -> Program.of(found, readme))
                .toList();
    }

    @Test
    void readmeShowsAProgram() throws IOException {
        assertThat(programs()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void programCompilesAsItStandsAndPrintsWhatTheReadmeSays(Program program) throws Exception {
        assertThat(compilerOutput(program)).isEmpty();

        assertThat(run(program)).containsExactlyElementsOf(program.prints());
    }

    private String compilerOutput(Program program) throws IOException {
        Path source = Files.writeString(folder.resolve(program.name() + ".java"), program.code());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options =
                    List.of("-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjects(source.toFile()))
                    .call();
            return compiled ? said.toString() : "does not compile: " + said;
        }
    }

    private List<String> run(Program program) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        folder + File.pathSeparator + System.getProperty("java.class.path"),
                        program.name()))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("ends by itself")
                    .isTrue();
        } finally {
            process.destroyForcibly().onExit().join();
        }
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return Files.readAllLines(output);
    }

    /**
     * One program.
     *
     * @param name its class
     * @param prints the lines that the README says it prints
     */
    record Program(String name, String code, List<String> prints) {

        static Program of(MatchResult found, String readme) {
            String code = found.group(1);
            Matcher type = CLASS.matcher(code);
            assertThat(type.find()).as("a program, not a fragment: %s", code).isTrue();
            Matcher prints = PRINTS.matcher(readme.substring(found.end()));
            assertThat(prints.matches())
                    .as("behind %s: 'It prints ... and ends'", type.group(1))
                    .isTrue();
            return new Program(
                    type.group(1), code, Stream.of(prints.group(1).split(", ")).toList());
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
