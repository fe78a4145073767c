package io.weir.reactive.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.weir.core.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that users meet is without Javadoc: the API's packages, and the types of the core in their signatures. */
final class ApiDocsTest {

    private static final Pattern OF_TESTS = Pattern.compile(".*/test(-classes)?/io/weir/.*");
    private static final Path OWN = Path.of("src", "main", "java");
    private static final Path CORE = Path.of("..", "sdk-core", "src", "main", "java");
    private static final Set<String> API = Set.of(
            "io.weir",
            "io.weir.reactive",
            "io.weir.reactive.codec",
            "io.weir.reactive.operator",
            "io.weir.reactive.discovery",
            "io.weir.reactive.integrity",
            "io.weir.reactive.jfr");

    @Test
    void everythingUsersMeetIsDocumented() {
        assertThat(ApiDocs.missingIn(
                        met().stream().map(ApiDocsTest::source).distinct().toList()))
                .isEmpty();
    }

    /** In Javadoc too, where it is looked up, and the same as in messages and on the page. */
    @Test
    void eachErrorCodesJavadocIsItsDescriptionAndWhatFollowsFromIt() throws Exception {
        String source = Files.readString(CORE.resolve(Path.of("io", "weir", "core", "error", "ErrorCode.java")))
                .replaceAll("\\s+(\\* )?", " ");
        assertThat(ErrorCode.values())
                .allSatisfy(code -> assertThat(source)
                        .contains("%s %s; %s layer, 0x%02X. */ %s("
                                .formatted(
                                        code.description(),
                                        code.retryable() ? "Retryable" : "Not retryable",
                                        code.layer().name().toLowerCase(Locale.ROOT),
                                        code.number(),
                                        code.name())));
    }

    @Test
    void whatIsUndocumentedIsFound(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("Bare.java"), """
                package x;
                /** Said. */
                public interface Bare {
                    void silent();
                    /** Said. */
                    void told();
                    @Override
                    String toString();
                    record Pair(int left, int right) {}
                    /**
                     * Said.
                     * @param left said
                     */
                    record Half(int left, int right) { public static final int MOST = 1; }
                    enum Kind { ONE, /** Said. */ TWO }
                }
                class Hidden { public void nobodySeesThis() {} }
                """);
        assertThat(ApiDocs.missingIn(List.of(file)))
                .containsExactly(
                        "Bare.silent",
                        "Bare.Pair",
                        "Pair @param left",
                        "Pair @param right",
                        "Half @param right",
                        "Half.MOST",
                        "Bare.Kind",
                        "Kind.ONE");
    }

    /** Public types of the API's packages, and what of Weir their signatures lead to. */
    private static Set<JavaClass> met() {
        JavaClasses all = new ClassFileImporter()
                .withImportOption(location -> !location.matches(OF_TESTS))
                .importPackages("io.weir");
        Deque<JavaClass> next = new ArrayDeque<>();
        Set<JavaClass> met = new LinkedHashSet<>();
        all.stream()
                .filter(type -> API.contains(type.getPackageName()) && isPublic(type))
                .forEach(next::add);
        while (!next.isEmpty()) {
            JavaClass type = next.remove();
            if (met.add(type)) {
                signatures(type)
                        .filter(other -> other.getPackageName().startsWith("io.weir.core") && isPublic(other))
                        .forEach(next::add);
            }
        }
        return met;
    }

    private static Stream<JavaClass> signatures(JavaClass type) {
        Stream<JavaClass> methods = type.getMethods().stream()
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(method -> Stream.concat(
                        method.getReturnType().getAllInvolvedRawTypes().stream(),
                        method.getParameterTypes().stream().flatMap(p -> p.getAllInvolvedRawTypes().stream())));
        return Stream.concat(methods, type.getAllRawSuperclasses().stream());
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC);
    }

    private static Path source(JavaClass type) {
        String name = type.getName().replaceAll("\\$.*", "").replace('.', '/') + ".java";
        return Files.exists(OWN.resolve(name)) ? OWN.resolve(name) : CORE.resolve(name);
    }
}
