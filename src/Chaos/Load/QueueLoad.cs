namespace Actors.Chaos.Load;

/// <summary>One producer and two consumers of a queue. A queue without a store that is lost with its coordinator is replaced.</summary>
internal sealed class QueueLoad : IAsyncDisposable
{
    private const int Consumers = 2;

    private static readonly TimeSpan PutPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan GetTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly LoadSettings _settings;
    private readonly LoadTimeline _timeline;
    private readonly SharedObject<ManagedQueue<long>> _queue;
    private volatile bool _isProduced;

    private QueueLoad(LoadSettings settings, LoadTimeline timeline, SharedObject<ManagedQueue<long>> queue)
    {
        (_settings, _timeline, _queue) = (settings, timeline, queue);
        Ledger = new QueueLedger(settings.Violations);
    }

    /// <summary>The checks.</summary>
    public QueueLedger Ledger { get; }

    /// <summary>Opens the queue.</summary>
    public static async Task<QueueLoad> OpenQueueAsync(LoadSettings settings, LoadTimeline timeline, CancellationToken cancellationToken)
    {
        var queue = new SharedObject<ManagedQueue<long>>(settings.Connect, manager => settings.IsDurable
            ? manager.OpenQueueAsync<long>(settings.Name, new DurableQueueOptions { ReconnectFor = LoadSettings.ReconnectFor })
            : manager.CreateQueueAsync<long>());
        await queue.CreateAsync(cancellationToken).ConfigureAwait(false);
        return new QueueLoad(settings, timeline, queue);
    }

    /// <summary>Puts items, and gets all of them.</summary>
    /// <param name="stop">Stops the producer. The consumers get the remaining items.</param>
    /// <param name="end">Cancels all calls.</param>
    public Task RunAsync(CancellationToken stop, CancellationToken end) => Task.WhenAll(
        Enumerable.Range(1, Consumers).Select(consumer => ConsumeAsync(consumer, end)).Append(ProduceAsync(stop, end)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_settings.IsDurable)
            await _queue.TryUseManagerAsync(manager => manager.DeleteQueueAsync(_settings.Name)).ConfigureAwait(false);
        await _queue.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ProduceAsync(CancellationToken stop, CancellationToken end)
    {
        while (!stop.IsCancellationRequested)
        {
            var item = Ledger.CreateItem();
            var operation = _timeline.BeginOperation();
            var queue = _queue.Current;
            try
            {
                await queue.Object.PutAsync(item, cancellationToken: CancellationToken.None).WaitAsync(end).ConfigureAwait(false);
                Ledger.RecordStored(item);
            }
            catch (Exception exception) when (SharedObject.IsInterruption(exception))
            {
                await ReplaceQueueAsync(queue, end).ConfigureAwait(false);
            }
            finally
            {
                _timeline.EndOperation(operation);
            }

            await Task.Delay(PutPause, end).ConfigureAwait(false);
        }

        _isProduced = true;
    }

    private async Task ConsumeAsync(int consumer, CancellationToken end)
    {
        while (!_isProduced || !Ledger.IsComplete)
        {
            var queue = _queue.Current;
            try
            {
                var item = await queue.Object.GetAsync(GetTimeout, CancellationToken.None).WaitAsync(end).ConfigureAwait(false);
                Ledger.RecordReceived(consumer, item);
                _timeline.AddQueueItem();
            }
            catch (TimeoutException)
            {
                // The queue is empty.
            }
            catch (Exception exception) when (SharedObject.IsInterruption(exception))
            {
                await ReplaceQueueAsync(queue, end).ConfigureAwait(false);
            }
        }
    }

    private async Task ReplaceQueueAsync(SharedObject<ManagedQueue<long>>.Instance lost, CancellationToken end)
    {
        _timeline.AddError();
        await Task.Delay(RetryPause, end).ConfigureAwait(false);
        if (!_settings.IsDurable && await _queue.ReplaceAsync(lost, end).ConfigureAwait(false))
            Ledger.ForgetLostQueue();
    }
}
