/** How the worker works; may change in any release. */
@NullMarked
package io.pyflow.worker.internal;

import org.jspecify.annotations.NullMarked;
