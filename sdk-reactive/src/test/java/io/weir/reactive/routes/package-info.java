@NullMarked
package io.weir.reactive.routes;

import org.jspecify.annotations.NullMarked;
