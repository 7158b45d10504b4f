using System.Buffers;
using System.Collections.Concurrent;
using Actors.Executor.Functions;
using Actors.Executor.Jobs;
using Actors.Executor.Services;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Pools;

namespace Actors.Testing;

/// <summary>
/// Calls functions in this process with the code of a worker: arguments are decoded and results are encoded. Thread-safe.
/// </summary>
internal sealed class FunctionCalls
{
    /// <summary>An invoker serves one call at a time, so a function that calls itself needs several.</summary>
    private readonly ConcurrentDictionary<FunctionRef, ConcurrentBag<FunctionInvoker>> _invokers = new();

    /// <summary>Calls the function of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="site">The pool and the worker's node.</param>
    /// <param name="objects">The channel for proxies of managed objects; null for none.</param>
    /// <param name="cancellation">The token for the function.</param>
    /// <param name="context">Continues the asynchronous parts of the function; null as in a worker.</param>
    public JobOutcome CallFunction(
        JobSpec job, JobSite site, IObjectChannel? objects, JobCancellationSource cancellation, SynchronizationContext? context = null)
    {
        var result = new ArrayBufferWriter<byte>();
        JobContext CreateContext(FunctionInvoker invoker) =>
            new(job.Id, JobDetails.FromPolicy(job.Policy), site, invoker.Method, cancellation);
        var call = new Call(job.Function, job.Arguments, CreateContext, context);
        if (TryCall(call, result, objects, cancellation) is not var (status, failure))
            return new JobOutcome(job.Id, JobStatus.Succeeded, result.WrittenMemory, null, 1);
        return new JobOutcome(job.Id, status, default, failure, 1);
    }

    /// <summary>Prepares a worker as its process does: builds its services, calls its initializer, and creates its state.</summary>
    /// <param name="spec">The pool.</param>
    /// <param name="site">Receives the services and the state.</param>
    /// <param name="objects">The channel for proxies of managed objects; null for none.</param>
    /// <param name="context">Continues the asynchronous parts of the functions; null as in a worker.</param>
    /// <returns>The failure; null when the worker can run jobs.</returns>
    public FailureInfo? PrepareWorker(PoolSpec spec, JobSite site, IObjectChannel? objects, SynchronizationContext? context = null)
    {
        FailureInfo? TryCallOnce(FunctionRef? function, ReadOnlyMemory<byte> arguments, Action<FunctionInvoker>? returned = null)
        {
            if (function is null)
                return null;
            var call = new Call(function, arguments, null, context, returned);
            return TryCall(call, new ArrayBufferWriter<byte>(), objects, cancellation: null)?.Failure;
        }

        site.Services = BuildServices(spec, out var failure);
        return failure ?? TryCallOnce(spec.Initializer, spec.InitializerArguments)
            ?? TryCallOnce(spec.State, spec.StateArguments, invoker => site.State = ((StateInvoker)invoker).TakeState());
    }

    private static WorkerServices? BuildServices(PoolSpec spec, out FailureInfo? failure)
    {
        failure = null;
#pragma warning disable CA1031 // Any exception of user code fails the worker.
        try
        {
            return spec.Services is { } services ? WorkerServices.BuildServices(services.Definition, spec.ServicesArguments) : null;
        }
        catch (Exception exception)
        {
            failure = FailureConverter.ToFailure(exception);
            return null;
        }
#pragma warning restore CA1031
    }

    private (JobStatus Status, FailureInfo Failure)? TryCall(
        Call call, ArrayBufferWriter<byte> result, IObjectChannel? objects, JobCancellationSource? cancellation)
    {
        // A worker has no synchronization context, and a function that is awaited here must not need the caller's.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(call.Context);
        var outer = JobContext.Current;
        var channel = ObjectChannel.UseForThread(objects);
        FunctionInvoker? invoker = null;
#pragma warning disable CA1031 // Any exception of the function is the outcome of its job.
        try
        {
            invoker = RentInvoker(call.Function);
            invoker.Context = call.CreateContext?.Invoke(invoker);
            JobContext.SetCurrent(invoker.Context);
            InvokeFunction(invoker, call.Arguments, result, cancellation?.Token ?? CancellationToken.None);
            call.OnReturned?.Invoke(invoker);
            return EndScope(invoker) is { } failure ? (JobStatus.Threw, failure) : null;
        }
        catch (Exception exception)
        {
            return CallFailure.ToOutcome(exception, invoker, cancellation?.Reason);
        }
        finally
        {
            EndScope(invoker);
            invoker?.Context?.EndProgress();
            JobContext.SetCurrent(outer);
            if (invoker is not null)
                _invokers[call.Function].Add(invoker);
            ObjectChannel.UseForThread(channel);
            SynchronizationContext.SetSynchronizationContext(context);
        }
#pragma warning restore CA1031
    }

    /// <summary>Disposes the services of the job.</summary>
    /// <returns>The exception of a service; null for none.</returns>
    private static FailureInfo? EndScope(FunctionInvoker? invoker)
    {
#pragma warning disable CA1031 // Any exception of a service is the outcome of its job.
        try
        {
            invoker?.Context?.EndScope();
            return null;
        }
        catch (Exception exception)
        {
            return FailureConverter.ToFailure(exception);
        }
#pragma warning restore CA1031
    }

    private static void InvokeFunction(
        FunctionInvoker invoker, ReadOnlyMemory<byte> arguments, ArrayBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        try
        {
            invoker.Invoke(arguments, cancellationToken, result);
        }
        catch (NotCarriedException) when (invoker.HasUnwrittenResults)
        {
            // An item whose result cannot be encoded does not fail the others of its chunk.
            result.ResetWrittenCount();
            invoker.WriteRemainingResults(result);
        }
    }

    private FunctionInvoker RentInvoker(FunctionRef function) =>
        _invokers.GetOrAdd(function, static _ => []).TryTake(out var invoker) ? invoker : FunctionInvoker.CreateInvoker(function);

    /// <summary>A call of a function.</summary>
    /// <param name="Function">The function.</param>
    /// <param name="Arguments">Its encoded arguments.</param>
    /// <param name="CreateContext">Creates the context of the job; null for an initializer.</param>
    /// <param name="Context">Continues the asynchronous parts of the function; null as in a worker.</param>
    /// <param name="OnReturned">Called when the function has returned; null for none.</param>
    private sealed record Call(
        FunctionRef Function, ReadOnlyMemory<byte> Arguments, Func<FunctionInvoker, JobContext>? CreateContext,
        SynchronizationContext? Context, Action<FunctionInvoker>? OnReturned = null);
}
