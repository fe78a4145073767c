@NullMarked
package io.weir.reactive.session.stream;

import org.jspecify.annotations.NullMarked;
