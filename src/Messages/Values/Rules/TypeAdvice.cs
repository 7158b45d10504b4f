namespace Actors.Messages.Values;

/// <summary>
/// The advice for well-known classes that cannot be carried. Classes of packages are identified by name, because this library does not
/// reference them.
/// </summary>
public static class TypeAdvice
{
    private const string Service = "add it in PoolOptions.Services, or make one in the worker, for example in a static field";
    private const string Log = "use JobContext.Logger in the job, or take an ILogger<T> from PoolOptions.Services";
    private const string Database = "pass the connection string and open it in the worker";
    private const string Started = "start it in the worker";
    private const string Synchronization = "use a managed lock, semaphore, event or barrier of a Manager";
    private const string Values = "pass the values that the job needs";
    private const string Text = "pass its text";

    private static readonly Dictionary<string, string> ByName = new()
    {
        ["Actors.ProcessPool"] = "a pool belongs to the process that opened it; open another in the job if it needs one",
        ["Actors.ServiceJobs`1"] = "a pool belongs to the process that opened it; open another in the job if it needs one",
        ["Actors.WorkerProcess"] = "it belongs to the process that started it; pass its id",
        ["Actors.Manager"] = "pass the managed objects that the job needs",
        ["Actors.ServedManager"] = "pass the managed objects that the job needs",
        ["Actors.JobHandle"] = "await it and pass its result",
        ["Actors.MapHandle`1"] = "await it and pass its results",
        ["Actors.ItemResult`1"] = "pass its value",
        ["Actors.JobFailure"] = "pass its message",
        ["Actors.Connection"] = "connect in the worker",
        ["Actors.ConnectionListener"] = "listen in the worker",
        ["Actors.LockHold"] = "pass the lock, and acquire it in the job",
        ["Actors.SemaphoreHold"] = "pass the semaphore, and acquire it in the job",
        ["Actors.ReceivedItem`1"] = "pass its Value, or receive it in the job",
        ["Actors.PoolOptions"] = Values,
        ["Actors.PoolInitializer"] = Values,
        ["Actors.StateFactory"] = Values,
        ["Actors.PoolSummary"] = Values,
        ["Actors.JobOptions"] = Values,
        ["Actors.WorkerInfo"] = Values,
        ["Actors.WorkerProcessOptions"] = Values,
        ["Actors.DurableQueueOptions"] = Values,
        ["Actors.DurableJobs"] = "pass the name of the durable pool",
        ["Microsoft.Extensions.Logging.ILogger"] = Log,
        ["Microsoft.Extensions.Logging.ILoggerFactory"] = Log,
        ["Microsoft.Extensions.DependencyInjection.IServiceScopeFactory"] = "pass the data that the job needs, and make services in the "
            + "worker",
        ["Microsoft.Extensions.Configuration.IConfiguration"] = Values,
        ["Microsoft.Extensions.Options.IOptions`1"] = "pass its Value",
        ["System.IServiceProvider"] = "pass the data that the job needs, and make services in the worker",
        ["System.Net.Http.HttpMessageInvoker"] = Service,
        ["System.Net.Http.HttpMessageHandler"] = Service,
        ["System.Net.Http.IHttpClientFactory"] = Service,
        ["Microsoft.EntityFrameworkCore.DbContext"] = Database,
        ["System.Data.IDbConnection"] = Database,
        ["System.Data.Common.DbConnection"] = Database,
        ["System.Threading.CancellationTokenSource"] = "pass its Token; the job receives its own token",
        ["System.Threading.Thread"] = Started,
        ["System.Threading.ITimer"] = Started,
        ["System.Threading.PeriodicTimer"] = Started,
        ["System.Timers.Timer"] = Started,
        ["System.Threading.WaitHandle"] = Synchronization,
        ["System.Threading.SemaphoreSlim"] = Synchronization,
        ["System.Threading.ManualResetEventSlim"] = Synchronization,
        ["System.Threading.CountdownEvent"] = Synchronization,
        ["System.Threading.Barrier"] = Synchronization,
        ["System.Threading.ReaderWriterLockSlim"] = Synchronization,
        ["System.Threading.Lock"] = Synchronization,
        ["System.Threading.Channels.Channel`2"] = "use a ManagedQueue",
        ["System.Threading.Channels.ChannelReader`1"] = "use a ManagedQueue",
        ["System.Threading.Channels.ChannelWriter`1"] = "use a ManagedQueue",
        ["System.Collections.Concurrent.BlockingCollection`1"] = "use a ManagedQueue",
        ["System.Diagnostics.Process"] = "pass its id",
        ["System.Net.Sockets.Socket"] = "connect in the worker",
        ["System.Net.Sockets.TcpClient"] = "connect in the worker",
        ["System.Net.EndPoint"] = Text,
        ["System.Text.RegularExpressions.Regex"] = "pass the pattern",
        ["System.Text.Encoding"] = "pass its name",
        ["System.Random"] = "pass a seed",
        ["System.IProgress`1"] = "declare it as IProgress<T>, and pass it as an argument of the job: it then reports to this program",
        ["System.Lazy`1"] = "pass its value",
        ["System.Text.Json.JsonDocument"] = Text,
        ["System.Text.Json.JsonElement"] = Text,
        ["System.Text.Json.Nodes.JsonNode"] = Text,
        ["System.Xml.XmlNode"] = Text,
        ["System.Xml.Linq.XObject"] = Text,
        ["System.Collections.Generic.PriorityQueue`2"] = "pass its UnorderedItems as an array",
        ["System.Linq.ILookup`2"] = "pass a Dictionary of arrays",
        ["System.Linq.IGrouping`2"] = "pass its key and an array of its items",
        ["System.Linq.Expressions.Expression"] = "write the function as a lambda",
        ["System.Linq.IQueryable"] = "pass its results as an array",
        ["System.Collections.Generic.IAsyncEnumerable`1"] = "pass its items as an array",
        ["System.Collections.Hashtable"] = "pass a Dictionary<TKey, TValue>",
        ["System.Collections.ArrayList"] = "pass a List<T>",
        ["System.Data.DataTable"] = "pass its rows as records",
        ["System.Data.DataSet"] = "pass its rows as records",
        ["System.Security.Cryptography.X509Certificates.X509Certificate"] = "pass its bytes",
    };

    /// <summary>Gets the advice for a type from the type itself, its base classes or its interfaces; null when there is none.</summary>
    public static string? FindAdvice(ITypeView type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (ByName.TryGetValue(level.DefinitionName, out var advice))
                return advice;
        }

        return type.Interfaces.Select(FindOwnAdvice).FirstOrDefault(advice => advice is not null);
    }

    private static string? FindOwnAdvice(ITypeView type) => ByName.TryGetValue(type.DefinitionName, out var advice) ? advice : null;
}
