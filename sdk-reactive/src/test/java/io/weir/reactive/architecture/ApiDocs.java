package io.weir.reactive.architecture;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Finds what users of public types meet without a word of Javadoc: types, methods, constants, components of records. The
 * compiler's own check ({@code -Xdoclint:missing}) cannot be had without asking for a tag for each parameter and result, which
 * is filler where the sentence says it.
 */
public final class ApiDocs {

    private final List<String> missing = new ArrayList<>();

    private ApiDocs() {}

    /** What is missing in these source files, as {@code Type.member}; sorted by file. */
    public static List<String> missingIn(Collection<Path> files) {
        ApiDocs docs = new ApiDocs();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    null,
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files.stream().sorted().toList()));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                docs.new Scanner(trees).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return docs.missing;
    }

    /** Goes into what is public only. */
    private final class Scanner extends TreePathScanner<Void, @Nullable ClassTree> {

        private final DocTrees trees;

        Scanner(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable ClassTree outer) {
            if (!isMet(type.getModifiers(), outer)) {
                return null;
            }
            require(type.getSimpleName().toString(), outer);
            if (type.getKind() == Tree.Kind.RECORD) {
                requireComponents(type);
            }
            for (Tree member : type.getMembers()) {
                scan(member, type);
            }
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable ClassTree type) {
            boolean constructor = method.getReturnType() == null;
            boolean inherited = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            if (isMet(method.getModifiers(), type)
                    && !inherited
                    && !isWither(method)
                    && !(constructor && isPlainConstructorOf(type, method))) {
                require(constructor ? "new" : method.getName().toString(), type);
            }
            return null;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree variable, @Nullable ClassTree type) {
            boolean component = type != null
                    && type.getKind() == Tree.Kind.RECORD
                    && !variable.getModifiers().getFlags().contains(Modifier.STATIC);
            if (!component
                    && isMet(variable.getModifiers(), type)
                    && !variable.getName().contentEquals("serialVersionUID")) {
                require(variable.getName().toString(), type);
            }
            return null;
        }

        /** A copy with another value: the component, or the query, of that name says what it means and may be. */
        private static boolean isWither(MethodTree method) {
            return method.getName().toString().matches("with[A-Z].*")
                    && method.getParameters().size() == 1;
        }

        /** Of a record, whose components are told of, and of an exception, of which its type says what it is for. */
        private boolean isPlainConstructorOf(@Nullable ClassTree type, MethodTree constructor) {
            return type != null
                    && (type.getKind() == Tree.Kind.RECORD
                            || type.getKind() == Tree.Kind.ENUM
                            || constructor.getParameters().isEmpty()
                                    && constructor.getBody().getStatements().size() <= 1
                            || type.getExtendsClause() != null
                                    && type.getExtendsClause().toString().endsWith("Exception"));
        }

        private void requireComponents(ClassTree type) {
            Set<String> told = new HashSet<>();
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param) {
                        told.add(param.getName().toString());
                    }
                }
            }
            for (Tree member : type.getMembers()) {
                if (member instanceof VariableTree component
                        && !component.getModifiers().getFlags().contains(Modifier.STATIC)
                        && !told.contains(component.getName().toString())) {
                    missing.add(type.getSimpleName() + " @param " + component.getName());
                }
            }
        }

        private boolean isMet(ModifiersTree modifiers, @Nullable ClassTree owner) {
            Set<Modifier> flags = modifiers.getFlags();
            boolean inInterface = owner != null
                    && (owner.getKind() == Tree.Kind.INTERFACE || owner.getKind() == Tree.Kind.ANNOTATION_TYPE);
            return flags.contains(Modifier.PUBLIC)
                    || flags.contains(Modifier.PROTECTED)
                    || inInterface && !flags.contains(Modifier.PRIVATE);
        }

        private void require(String name, @Nullable ClassTree owner) {
            TreePath path = getCurrentPath();
            String comment = trees.getDocComment(path);
            if (comment == null || comment.isBlank()) {
                missing.add(owner == null ? name : owner.getSimpleName() + "." + name);
            }
        }
    }
}
