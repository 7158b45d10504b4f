# The coordinator and the worker node as images, one target each.
#   docker build --target coordinator -t actors-coordinator .
#   docker build --target worker -t actors-worker .

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# The files of a restore come first: the layer is reused until one of them changes.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/Directory.Build.props src/Package.props src/BannedSymbols.txt src/
COPY src/Messages/Messages.csproj src/Messages/Friends.props src/Messages/
COPY src/Remoting/Remoting.csproj src/Remoting/
COPY src/Executor/Executor.csproj src/Executor/
COPY src/Durability/Durability.csproj src/Durability/
COPY src/Programs/Programs.csproj src/Programs/
COPY src/Client/Client.csproj src/Client/Packing.targets src/Client/
COPY src/Chaos/Chaos.csproj src/Chaos/
COPY src/Coordinator/Coordinator.csproj src/Coordinator/
COPY src/Coordinator/Core/Coordinator.Core.csproj src/Coordinator/Core/
COPY src/WorkerNode/WorkerNode.csproj src/WorkerNode/
RUN dotnet restore src/Coordinator --use-current-runtime && dotnet restore src/WorkerNode --use-current-runtime
COPY config config
COPY src src
# The analyzers run in the checks of each change.
RUN dotnet publish src/Coordinator -c Release --no-restore --use-current-runtime --self-contained false -p:RunAnalyzers=false -o /programs/coordinator \
 && dotnet publish src/WorkerNode -c Release --no-restore --use-current-runtime --self-contained false -p:RunAnalyzers=false -o /programs/worker

# The programs do not need root. They write to /var/lib/actors and /tmp only.
FROM mcr.microsoft.com/dotnet/runtime:10.0 AS runtime
RUN mkdir -p /var/lib/actors && chown 1654:1654 /var/lib/actors
ENV HOME=/var/lib/actors XDG_CACHE_HOME=/var/lib/actors DOTNET_EnableDiagnostics=0 DOTNET_DbgEnableMiniDump=0
VOLUME /var/lib/actors
USER 1654:1654

# The same, for a program that answers HTTP.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime-http
RUN mkdir -p /var/lib/actors && chown 1654:1654 /var/lib/actors
ENV HOME=/var/lib/actors XDG_CACHE_HOME=/var/lib/actors DOTNET_EnableDiagnostics=0 DOTNET_DbgEnableMiniDump=0
VOLUME /var/lib/actors
USER 1654:1654

# Other programs reach this one by the host name of its container.
FROM runtime-http AS coordinator
COPY --from=build /programs/coordinator /programs
ENV PORT=4053 DATA_PORT=4056
ENTRYPOINT ["/bin/sh", "-c", "exec dotnet /programs/Actors.Coordinator.dll --host \"$(hostname)\" --port \"$PORT\" --data-port \"$DATA_PORT\" \"$@\"", "coordinator"]

FROM runtime AS worker
COPY --from=build /programs/worker /programs
ENV PORT=4054
ENTRYPOINT ["/bin/sh", "-c", "exec dotnet /programs/Actors.WorkerNode.dll --host \"$(hostname)\" --port \"$PORT\" \"$@\"", "worker"]
