//! Work that takes long without waiting for anything, kept from holding up everybody else.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::{Handle, RuntimeFlavor};

/// From this length on, looking through a body is felt by the other requests of the same thread.
pub(super) const LONG_BODY: usize = 128 * 1024;

/// A future that computes much whenever it is polled. While it does, its thread's other work
/// moves to another thread; while it waits, it holds no thread at all.
pub(super) struct Aside<F> {
    future: Pin<Box<F>>,
}

impl<F: Future> Aside<F> {
    pub(super) fn new(future: F) -> Self {
        Self {
            future: Box::pin(future),
        }
    }
}

impl<F: Future> Future for Aside<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let future = self.future.as_mut();
        match Handle::try_current().map(|handle| handle.runtime_flavor()) {
            Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(|| future.poll(context)),
            // There is no other thread to move to.
            Ok(_) | Err(_) => future.poll(context),
        }
    }
}
